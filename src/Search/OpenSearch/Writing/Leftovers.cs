using System.Text.Json;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>Takes away what earlier runs left: their right to write, and what no generation needs.</summary>
internal static class Leftovers
{
    /// <summary>Removes the aliases that earlier runs write through. From here on the cluster refuses their bulks and their swap, even if they come back from a long pause.</summary>
    public static async ValueTask FenceAsync(WriteContext context, string catalog, CancellationToken cancellationToken)
    {
        var aliases = await context.SendAsync(
            "looking for earlier runs",
            OpenSearchRequest.Get($"/{context.Names.AnyOfOurs}/_alias/{context.Names.AnyRunAlias(catalog)}") with { MissingIsAnswer = true },
            response => response.Status == 404 ? [] : Aliases(response.Root),
            cancellationToken).ConfigureAwait(false);
        foreach (var (index, alias) in aliases)
        {
            try
            {
                await context.SendAsync("ending an earlier run", BuildingIndex.AliasActions([BuildingIndex.Action("remove", index, alias)]), cancellationToken).ConfigureAwait(false);
            }
            catch (OpenSearchException e) when (e.Status == 404)
            {
                // Ended by itself meanwhile.
            }
        }
    }

    /// <summary>Deletes indexes and pieces of files that neither a kept generation nor the given files need.</summary>
    public static async ValueTask RemoveAsync(WriteContext context, string catalog, CatalogState state, IEnumerable<StoredFile> alsoNeeded, CancellationToken cancellationToken)
    {
        var kept = state.Generations.Select(g => g.Index).ToHashSet(StringComparer.Ordinal);
        var indexes = await context.SendAsync(
            "listing indexes",
            OpenSearchRequest.Get($"/_cat/indices/{context.Names.AnyIndex(catalog)}?format=json&h=index&expand_wildcards=all") with { MissingIsAnswer = true },
            response => response.Status == 404 ? [] : response.Root.EnumerateArray().Select(i => i.GetProperty("index").GetString()!).Where(i => IndexNames.GenerationOf(i) > 0).Distinct().ToList(),
            cancellationToken).ConfigureAwait(false);
        foreach (var index in indexes.Where(i => !kept.Contains(i)))
        {
            await new BuildingIndex(context, catalog, index).DeleteAsync(cancellationToken).ConfigureAwait(false);
        }

        var files = state.Generations.SelectMany(g => g.Attachments.Values).Concat(alsoNeeded).ToList();
        await context.Outage.RideOutAsync("removing files", token => context.States.DeleteFilesExceptAsync(catalog, files, token), cancellationToken).ConfigureAwait(false);
    }

    private static List<(string Index, string Alias)> Aliases(JsonElement root) =>
        [.. root.EnumerateObject().Where(i => i.Value.TryGetProperty("aliases", out _)).SelectMany(i => i.Value.GetProperty("aliases").EnumerateObject().Select(a => (i.Name, a.Name)))];
}
