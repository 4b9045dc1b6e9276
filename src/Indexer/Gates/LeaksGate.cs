using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Gates;

/// <summary>
/// Asks the new generation as callers of every real group and as callers made up from the catalog's own values, and compares with the compiled rules over what was
/// written: which products of a sample are given, and, where the whole catalog was written, how many there are. Any difference refuses, and no override opens it.
/// </summary>
internal sealed class LeaksGate(IAccessPolicySource? policies, TimeProvider time) : IReindexGate
{
    public async ValueTask<GateResult> CheckAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        var sample = candidate.Sample(candidate.Settings.LeakSample);
        var scopes = LeakScopes.Make(candidate.Random, sample, policies?.Current, candidate.Settings.LeakScopes);
        var now = time.GetUtcNow();
        var filters = scopes.Select(s => s.ProductsIn(candidate.Catalog, now)).ToArray();
        var counts = candidate.IsWhole ? Count(candidate, filters, cancellationToken) : null;
        var wrong = 0;
        for (var s = 0; s < scopes.Count; s++)
        {
            wrong += counts is not null && await VisibleAsync(candidate, scopes[s], cancellationToken).ConfigureAwait(false) != counts[s] ? 1 : 0;
            foreach (var batch in sample.Chunk(CatalogLimits.Ids))
            {
                var expected = batch.Where(filters[s].IsVisible).Select(p => p.Id);
                wrong += (await GivenAsync(candidate, scopes[s], batch, cancellationToken).ConfigureAwait(false)).SequenceEqual(expected, StringComparer.Ordinal) ? 0 : 1;
            }
        }

        var detail = wrong == 0
            ? $"{scopes.Count} callers see exactly what the rules let them see"
            : $"{wrong} answers of the new generation to {scopes.Count} callers differ from the access rules. It must not go live. Report this with the log; the live generation is not affected.";
        return new GateResult(GateNames.Leaks, wrong == 0, wrong, 0, detail) { Code = "leak_found" };
    }

    /// <summary>One pass over everything written, for all callers at once.</summary>
    private static int[] Count(Candidate candidate, ProductFilter[] filters, CancellationToken cancellationToken)
    {
        var counts = new int[filters.Length];
        foreach (var entry in candidate.Written)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var product = entry.Product();
            for (var f = 0; f < filters.Length; f++)
            {
                counts[f] += filters[f].IsVisible(product) ? 1 : 0;
            }
        }

        return counts;
    }

    private static async ValueTask<int> VisibleAsync(Candidate candidate, AccessScope scope, CancellationToken cancellationToken) =>
        (await candidate.Index.ListCatalogsAsync(scope, cancellationToken).ConfigureAwait(false)).FirstOrDefault(c => c.Name == candidate.Catalog)?.VisibleProducts ?? 0;

    private static async ValueTask<IEnumerable<string>> GivenAsync(Candidate candidate, AccessScope scope, Product[] asked, CancellationToken cancellationToken)
    {
        try
        {
            return (await candidate.Index.GetAsync(scope, candidate.Catalog, [.. asked.Select(p => p.Id)], cancellationToken).ConfigureAwait(false)).Select(p => p.Id);
        }
        catch (CatalogRequestException e) when (e.Code == CatalogErrors.UnknownCatalog)
        {
            // Who sees nothing is told that there is no such catalog.
            return [];
        }
    }
}
