using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Gates;

/// <summary>Queries that the catalog's owner wrote down find what they must find and nothing that they must not.</summary>
internal sealed class CanariesGate : IReindexGate
{
    public async ValueTask<GateResult> CheckAsync(Candidate candidate, CancellationToken cancellationToken)
    {
        if (candidate.Settings.Canaries is not { } path)
        {
            return new GateResult(GateNames.Canaries, Passed: true, 0, 0, "no canary queries are configured") { Skipped = true };
        }

        var canaries = CanaryFile.Read(path);
        var failures = new List<string>();
        foreach (var canary in canaries)
        {
            var query = new ProductQuery { Catalog = candidate.Catalog, Text = canary.Query, PageSize = canary.Top, IncludeProducts = false, IncludeTotal = false };
            var found = (await candidate.Index.SearchAsync(candidate.System, query, cancellationToken).ConfigureAwait(false)).Hits.Select(h => h.Id).ToHashSet(StringComparer.Ordinal);
            if (canary.MustContain.Any(id => !found.Contains(id)) || canary.MustNotContain.Any(found.Contains))
            {
                failures.Add(canary.Query);
            }
        }

        var allowed = candidate.Settings.MaxCanaryFailures;
        var detail = failures.Count == 0
            ? $"{canaries.Count} canary queries answered as they must"
            : $"{failures.Count} of {canaries.Count} canary queries are not answered as they must, {allowed} may fail; the first is '{failures[0]}'. Compare the source with the canary file, or allow more with Gates:MaxCanaryFailures.";
        return new GateResult(GateNames.Canaries, failures.Count <= allowed, failures.Count, allowed, detail) { Code = "canary_failed" };
    }
}
