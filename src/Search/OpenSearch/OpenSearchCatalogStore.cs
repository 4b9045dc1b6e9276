using System.Globalization;
using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Writing;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Writing;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch;

/// <summary>
/// Writes of the catalogs in an OpenSearch cluster: an index a generation, an alias that says which is live, and the state in an index of its own, so that any number of workers on
/// any machine share it. Thread-safe.
/// </summary>
internal sealed class OpenSearchCatalogStore(WriteContext context, LiveIndexes live, ILoggerFactory loggers) : ICatalogStore
{
    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<string>> CatalogNamesAsync(AccessScope system, CancellationToken cancellationToken)
    {
        WriteAccess.Demand(system);
        return context.States.CatalogsAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<GenerationInfo>> ListGenerationsAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        WriteAccess.Demand(system);
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogName.IsValid(catalog) ? [.. (await context.States.ReadAsync(catalog, cancellationToken).ConfigureAwait(false)).State.Generations.Select(g => g.Info)] : [];
    }

    /// <inheritdoc/>
    public async ValueTask WaitUntilReadyAsync(AccessScope system, string catalog, Action<CatalogEngineException>? away, CancellationToken cancellationToken)
    {
        WriteAccess.Demand(system);
        ArgumentNullException.ThrowIfNull(catalog);
        await context.Outage.RideOutAsync("starting", async token =>
        {
            try
            {
                await context.Probe.GetAsync(token).ConfigureAwait(false);
                await context.States.ReadAsync(catalog, token).ConfigureAwait(false);
            }
            catch (OpenSearchException e) when (e.IsTransient)
            {
                away?.Invoke(e);
                throw;
            }
        }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<ICatalogBuild> BeginBuildAsync(AccessScope system, CatalogBuildRequest request, CancellationToken cancellationToken)
    {
        WriteAccess.Demand(system);
        ArgumentNullException.ThrowIfNull(request);
        if (!CatalogName.IsValid(request.Catalog))
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", $"That is no catalog name: {CatalogName.Rule}.");
        }

        return await OpenSearchBuild.BeginAsync(context, request, NewOwner(), live, loggers, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<GenerationInfo> RollbackAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        WriteAccess.Demand(system);
        ArgumentNullException.ThrowIfNull(catalog);
        if (!CatalogName.IsValid(catalog) || (await context.States.ReadAsync(catalog, cancellationToken).ConfigureAwait(false)).Stored is null)
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", "There is no catalog of this name.");
        }

        var lease = await BuildLease.AcquireAsync(catalog, NewOwner(), context.Meta, context.Options, context.Outage, context.Time, context.Logger, cancellationToken).ConfigureAwait(false);
        await using var _ = lease.ConfigureAwait(false);
        var before = await context.States.ReadAsync(catalog, cancellationToken).ConfigureAwait(false);
        if (before.State.Generations.Count < CatalogState.Kept)
        {
            throw new CatalogRequestException(CatalogErrors.NotFound, "catalog", $"The catalog '{catalog}' has no previous generation to roll back to.");
        }

        await Leftovers.FenceAsync(context, catalog, cancellationToken).ConfigureAwait(false);
        var target = before.State.Generations[1];
        await DemandWholeAsync(target, cancellationToken).ConfigureAwait(false);
        var info = target.Info with
        {
            Number = before.State.NextNumber,
            CreatedAt = context.Time.GetUtcNow(),
            Note = string.Create(CultureInfo.InvariantCulture, $"rollback to {target.Info.Number}"),
        };
        await GenerationSwap.RunAsync(context, lease, before, target with { Info = info }, runAlias: null, cancellationToken).ConfigureAwait(false);
        live.Forget(catalog);
        return info;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> VerifyAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        WriteAccess.Demand(system);
        ArgumentNullException.ThrowIfNull(catalog);
        return CatalogName.IsValid(catalog) ? await OpenSearchVerification.RunAsync(context, catalog, cancellationToken).ConfigureAwait(false) : [$"{catalog}: there is no such catalog."];
    }

    /// <summary>Different for every build, also of one process.</summary>
    private static string NewOwner() =>
        string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}:{Environment.ProcessId}:{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");

    /// <summary>A generation that is gone or has lost products must not become live.</summary>
    private async ValueTask DemandWholeAsync(StoredGeneration target, CancellationToken cancellationToken)
    {
        var (products, withVector) = await new BuildingIndex(context, target.Info.Catalog, target.Index).CountAsync(cancellationToken).ConfigureAwait(false);
        if (products != target.Info.Products || withVector != target.WithVector)
        {
            throw new InvalidDataException($"The previous generation of '{target.Info.Catalog}' holds {products} products, {target.Info.Products} were written. It is not made live; index the catalog again.");
        }
    }
}
