using System.Collections.Immutable;

namespace AiPlatform.Indexer.Gates;

/// <summary>The gates before a swap, by the names that overrides and settings use.</summary>
public static class GateNames
{
    /// <summary>How many rows may be rejected.</summary>
    public const string Rejected = "rejected";

    /// <summary>How many live products may be deleted.</summary>
    public const string Deleted = "deleted";

    /// <summary>The new generation holds as many products and vectors as were written.</summary>
    public const string Counts = "counts";

    /// <summary>A sample of products reads back field by field as it was written.</summary>
    public const string Parity = "parity";

    /// <summary>Products have vectors of the model's dimension.</summary>
    public const string Vectors = "vectors";

    /// <summary>Made-up and real callers see exactly what the rules let them see. Cannot be overridden.</summary>
    public const string Leaks = "leaks";

    /// <summary>Queries of the catalog's owner find what they must and nothing they must not.</summary>
    public const string Canaries = "canaries";

    /// <summary>Judged queries are answered as well as by the live generation.</summary>
    public const string Relevance = "relevance";

    /// <summary>All of them, in the order they are passed.</summary>
    public static ImmutableArray<string> All { get; } = [Rejected, Deleted, Counts, Parity, Vectors, Leaks, Canaries, Relevance];

    /// <summary>Those that an override can open.</summary>
    public static ImmutableArray<string> Overridable { get; } = All.Remove(Leaks);
}
