using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Gates;

/// <summary>A generation before its swap, and what it must be like.</summary>
internal sealed class Candidate
{
    /// <summary>A system scope.</summary>
    public required AccessScope System { get; init; }

    public required string Catalog { get; init; }

    /// <summary>Waits while the engine is away, as long as a build does; null where it never is.</summary>
    public Func<CancellationToken, ValueTask>? ReadyAsync { get; init; }

    /// <summary>Answers from the new generation.</summary>
    public required ICatalogIndex Index { get; init; }

    /// <summary>Answers from the live generation; null where there is none.</summary>
    public ICatalogIndex? Live { get; init; }

    public required GateSettings Settings { get; init; }

    /// <summary>What the build says it holds.</summary>
    public required CatalogBuildReport Built { get; init; }

    /// <summary>Products it must hold.</summary>
    public required int ExpectedProducts { get; init; }

    /// <summary>Products that were given a vector.</summary>
    public required int ExpectedVectors { get; init; }

    /// <summary>The embedding model; empty without.</summary>
    public required string EmbeddingModel { get; init; }

    /// <summary>Dimensions of the model's vectors.</summary>
    public required int Dimensions { get; init; }

    /// <summary>Whether the changes below are the whole catalog.</summary>
    public required bool IsWhole { get; init; }

    /// <summary>What was written, in order; an entry is valid until the next one. May be enumerated several times.</summary>
    public required IEnumerable<SpoolEntry> Written { get; init; }

    /// <summary>How many there are at most.</summary>
    public required int WrittenCount { get; init; }

    /// <summary>Chooses samples.</summary>
    public required Random Random { get; init; }

    /// <summary>Some of what was written, evenly spread from a random start, decoded.</summary>
    public IReadOnlyList<Product> Sample(int count)
    {
        if (count == 0 || WrittenCount == 0)
        {
            return [];
        }

        var step = Math.Max(1, WrittenCount / count);
        var first = Random.Next(step);
        var sample = new List<Product>(count);
        var at = 0;
        foreach (var entry in Written)
        {
            if (at % step == first && sample.Count < count)
            {
                sample.Add(entry.Product());
            }

            at++;
        }

        return sample;
    }
}
