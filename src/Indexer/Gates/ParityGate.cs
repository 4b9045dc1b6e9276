using System.Buffers;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Gates;

/// <summary>A random sample of what was written is read back from the new generation and compared field by field.</summary>
internal sealed class ParityGate : IReindexGate
{
    public async ValueTask<GateResult> CheckAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var sample = candidate.Sample(candidate.Settings.ParitySample);
        var (wrong, first) = (0, "");
        foreach (var batch in sample.Chunk(CatalogLimits.Ids))
        {
            var read = (await candidate.Index.GetAsync(candidate.System, candidate.Catalog, [.. batch.Select(p => p.Id)], cancellationToken).ConfigureAwait(false)).ToDictionary(p => p.Id, StringComparer.Ordinal);
            foreach (var product in batch)
            {
                if (Difference(product, read.GetValueOrDefault(product.Id)) is { } difference)
                {
                    wrong++;
                    first = first.Length > 0 ? first : difference;
                }
            }
        }

        var detail = wrong == 0
            ? $"{sample.Count} products read back as written"
            : $"{wrong} of {sample.Count} products do not read back as they were written, the first by its {first}. Check the engine and its mapping, then try again.";
        return new GateResult(GateNames.Parity, wrong == 0, wrong, 0, detail) { Code = "parity_failed", Skipped = sample.Count == 0 };
    }

    /// <summary>The first field that differs; null for none. Never a value: products may be confidential.</summary>
    private static string? Difference(Product written, Product? read)
    {
        if (read is null)
        {
            return "id: it is missing";
        }

        if (Bytes(written).AsSpan().SequenceEqual(Bytes(read)))
        {
            return null;
        }

        foreach (var (field, take) in Fields)
        {
            if (!Bytes(take(written, read)).AsSpan().SequenceEqual(Bytes(read)))
            {
                continue;
            }

            return field;
        }

        return "several fields";
    }

    /// <summary>Each takes one field of the product read over into the one written: if that makes them equal, it is the one that differs.</summary>
    private static readonly (string Field, Func<Product, Product, Product> Take)[] Fields =
    [
        ("name", (w, r) => w with { Name = r.Name }),
        ("description", (w, r) => w with { Description = r.Description }),
        ("brand", (w, r) => w with { Brand = r.Brand }),
        ("categoryPath", (w, r) => w with { CategoryPath = r.CategoryPath }),
        ("class", (w, r) => w with { Class = r.Class }),
        ("price", (w, r) => w with { Price = r.Price, Currency = r.Currency }),
        ("availability", (w, r) => w with { Availability = r.Availability }),
        ("regions", (w, r) => w with { Regions = r.Regions }),
        ("specifications", (w, r) => w with { Specifications = r.Specifications }),
        ("rating", (w, r) => w with { Rating = r.Rating, RatingCount = r.RatingCount }),
        ("releasedAt", (w, r) => w with { ReleasedAt = r.ReleasedAt }),
        ("url", (w, r) => w with { Url = r.Url, ImageUrl = r.ImageUrl }),
        ("accessLevel", (w, r) => w with { AccessLevel = r.AccessLevel }),
        ("allowedGroups", (w, r) => w with { AllowedGroups = r.AllowedGroups }),
        ("restrictedRegions", (w, r) => w with { RestrictedRegions = r.RestrictedRegions }),
    ];

    private static byte[] Bytes(Product product)
    {
        var buffer = new ArrayBufferWriter<byte>();
        ProductCodec.Write(product, buffer);
        return buffer.WrittenSpan.ToArray();
    }
}
