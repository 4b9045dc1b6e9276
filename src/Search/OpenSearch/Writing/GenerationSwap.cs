using System.Text.Json.Nodes;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.State;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>
/// Makes a generation live: says what will be, moves the alias, says what is. Moving the alias is one step of the cluster and the only one that counts; a crash before it changes
/// nothing, one after it is made good by whoever reads next.
/// </summary>
internal static class GenerationSwap
{
    /// <summary>Swaps a generation in.</summary>
    /// <param name="context">The cluster.</param>
    /// <param name="lease">The right to.</param>
    /// <param name="before">What held when the build began.</param>
    /// <param name="next">What is to be live.</param>
    /// <param name="runAlias">The alias that the run wrote through, which ends with the swap; null when none was written through.</param>
    /// <param name="cancellationToken">Cancels, until the alias is moved.</param>
    /// <returns>What holds now.</returns>
    /// <exception cref="CatalogBusyException">Another run took over; what is live is its business.</exception>
    public static async ValueTask<CatalogState> RunAsync(WriteContext context, BuildLease lease, ResolvedState before, StoredGeneration next, string? runAlias, CancellationToken cancellationToken)
    {
        var catalog = lease.Catalog;

        // Whoever lost the lease while it was finishing learns it here, before anything is said or moved.
        await lease.SaveAsync(lease.Checkpoint, cancellationToken).ConfigureAwait(false);
        var pending = await context.Outage.RideOutAsync(
            "announcing the swap",
            token => context.States.WriteAsync(catalog, before.State with { Pending = next }, before.Stored, token),
            cancellationToken).ConfigureAwait(false) ?? throw lease.Lose();
        await MoveAliasAsync(context, lease, before.Aliased, next.Index, runAlias, cancellationToken).ConfigureAwait(false);
        var now = before.State.With(next);
        Log.GenerationSwapped(context.Logger, catalog, next.Info.Number, next.Info.Products, next.Index);
        await SettleAsync(context, lease, now, pending).ConfigureAwait(false);
        return now;
    }

    private static ValueTask MoveAliasAsync(WriteContext context, BuildLease lease, IReadOnlyList<string> from, string to, string? runAlias, CancellationToken cancellationToken)
    {
        var alias = context.Names.Alias(lease.Catalog);
        List<JsonObject> actions = [.. from.Where(i => i != to).Select(i => BuildingIndex.Action("remove", i, alias)), BuildingIndex.Action("add", to, alias)];
        if (runAlias is not null)
        {
            actions.Add(BuildingIndex.Action("remove", to, runAlias));
        }

        var request = BuildingIndex.AliasActions(actions) with { Timeout = context.Timeout };
        return context.Outage.RideOutAsync("moving the alias", async token =>
        {
            if (await context.States.AliasedAsync(lease.Catalog, token).ConfigureAwait(false) is [var only] && only == to)
            {
                // Done by a try whose answer was lost.
                return;
            }

            try
            {
                using var _ = await context.Connection.SendAsync(request, token).ConfigureAwait(false);
            }
            catch (OpenSearchException e) when (e.Status == 404)
            {
                throw lease.Lose();
            }
        }, cancellationToken);
    }

    /// <summary>What fails here is no failure of the swap: the next reader and the next build see the alias.</summary>
    private static async ValueTask SettleAsync(WriteContext context, BuildLease lease, CatalogState now, Stored<CatalogState> pending)
    {
        try
        {
            await context.States.WriteAsync(lease.Catalog, now, pending, CancellationToken.None).ConfigureAwait(false);
            await lease.SaveAsync(checkpoint: null, CancellationToken.None).ConfigureAwait(false);
            await Leftovers.RemoveAsync(context, lease.Catalog, now, [], CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OpenSearchException or CatalogBusyException)
        {
            Log.NotCleaned(context.Logger, lease.Catalog, e.Message);
        }
    }
}
