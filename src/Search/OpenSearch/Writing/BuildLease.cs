using System.Globalization;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.State;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>
/// The right to build a catalog: held by one run at a time, renewed while it lives, and taken over when it has not been for a while. A run that lost it finds out with
/// its next renewal; until then the cluster keeps it from writing, because whoever takes over removes the alias it writes through. Thread-safe.
/// </summary>
internal sealed class BuildLease : IAsyncDisposable
{
    private readonly MetaIndex _meta;
    private readonly Outage _outage;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimeSpan _length;
    private readonly SemaphoreSlim _gate = new(1, 1);
    private readonly CancellationTokenSource _end = new();
    private Stored<BuildRecord> _stored;
    private Task _renewal = Task.CompletedTask;
    private volatile bool _lost;

    private BuildLease(string catalog, Stored<BuildRecord> stored, MetaIndex meta, OpenSearchOptions options, Outage outage, TimeProvider time, ILogger logger)
    {
        (Catalog, _stored, _meta, _outage, _time, _logger) = (catalog, stored, meta, outage, time, logger);
        _length = TimeSpan.FromSeconds(options.LeaseSeconds);
    }

    /// <summary>The catalog.</summary>
    public string Catalog { get; }

    /// <summary>The run's number.</summary>
    public long Run => _stored.Value.Run;

    /// <summary>Where an earlier run got to.</summary>
    public BuildCheckpoint? Checkpoint => _stored.Value.Checkpoint;

    /// <summary>Takes the right, or takes it over.</summary>
    /// <exception cref="CatalogBusyException">Another run has it.</exception>
    public static async ValueTask<BuildLease> AcquireAsync(
        string catalog, string owner, MetaIndex meta, OpenSearchOptions options, Outage outage, TimeProvider time, ILogger logger, CancellationToken cancellationToken)
    {
        var stored = await outage.RideOutAsync("taking the lease", async token =>
        {
            await meta.EnsureAsync(token).ConfigureAwait(false);
            var before = await meta.ReadAsync(IdOf(catalog), StateJson.Default.BuildRecord, token).ConfigureAwait(false);
            var now = time.GetUtcNow();
            if (before is { Value.Owner.Length: > 0 } held && held.Value.Owner != owner && held.Value.ExpiresAt > now)
            {
                throw Busy(catalog, options, held.Value);
            }

            // Written before an answer was lost: it is this run already.
            if (before?.Value.Owner == owner)
            {
                return before;
            }

            if (before is { Value.Owner.Length: > 0 } dead)
            {
                Log.LeaseTaken(logger, catalog, dead.Value.Run + 1, dead.Value.Owner);
            }

            var mine = new BuildRecord((before?.Value.Run ?? 0) + 1, owner, now.AddSeconds(options.LeaseSeconds), before?.Value.Checkpoint);
            return await meta.WriteAsync(IdOf(catalog), "build", catalog, mine, before, StateJson.Default.BuildRecord, token).ConfigureAwait(false)
                ?? throw Busy(catalog, options);
        }, cancellationToken).ConfigureAwait(false);
        var lease = new BuildLease(catalog, stored, meta, options, outage, time, logger);
        lease._renewal = lease.RenewAsync();
        return lease;
    }

    private static CatalogBusyException Busy(string catalog, OpenSearchOptions options, BuildRecord? held = null) => new(catalog)
    {
        Lease = TimeSpan.FromSeconds(options.LeaseSeconds),
        SignOfLife = held is null ? null : string.Create(CultureInfo.InvariantCulture, $"{held.Run} {held.ExpiresAt.UtcTicks}"),
    };

    /// <exception cref="CatalogBusyException">The lease was lost.</exception>
    public void Demand()
    {
        if (_lost)
        {
            throw new CatalogBusyException(Catalog);
        }
    }

    /// <summary>Another took over, as the cluster tells by refusing a write.</summary>
    /// <returns>What to throw.</returns>
    public CatalogBusyException Lose()
    {
        if (!_lost)
        {
            _lost = true;
            Log.LeaseLost(_logger, Catalog, Run);
        }

        return new CatalogBusyException(Catalog);
    }

    /// <summary>Renews the lease and keeps where to go on; waits for a cluster that is away.</summary>
    /// <exception cref="CatalogBusyException">The lease was lost.</exception>
    public async ValueTask SaveAsync(BuildCheckpoint? checkpoint, CancellationToken cancellationToken)
    {
        Demand();
        await _outage.RideOutAsync(
            "keeping a checkpoint",
            token => ChangeAsync(record => record with { Checkpoint = checkpoint, ExpiresAt = _time.GetUtcNow() + _length }, token),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the right back. A lease that cannot be given back expires.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _renewal.ConfigureAwait(false);
        if (!_lost)
        {
            try
            {
                using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(5), _time);
                await ChangeAsync(record => record with { Owner = "" }, limit.Token).ConfigureAwait(false);
            }
            catch (Exception e) when (e is OpenSearchException or OperationCanceledException or CatalogBusyException)
            {
                Log.LeaseNotRenewed(_logger, Catalog, Run, e.Message);
            }
        }

        _end.Dispose();
        _gate.Dispose();
    }

    private async Task RenewAsync()
    {
        using var timer = new PeriodicTimer(_length / 3, _time);
        try
        {
            while (!_lost && await timer.WaitForNextTickAsync(_end.Token).ConfigureAwait(false))
            {
                try
                {
                    await ChangeAsync(record => record with { ExpiresAt = _time.GetUtcNow() + _length }, _end.Token).ConfigureAwait(false);
                }
                catch (OpenSearchException e)
                {
                    Log.LeaseNotRenewed(_logger, Catalog, Run, e.Message);
                }
                catch (CatalogBusyException)
                {
                    return;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The build ends.
        }
    }

    private async ValueTask ChangeAsync(Func<BuildRecord, BuildRecord> change, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (await TryChangeAsync().ConfigureAwait(false))
            {
                return;
            }

            // This run's own: written, before its answer was lost or no longer waited for because the run stops.
            var now = await _meta.ReadAsync(IdOf(Catalog), StateJson.Default.BuildRecord, cancellationToken).ConfigureAwait(false);
            if (now?.Value.Run == _stored.Value.Run && now.Value.Owner == _stored.Value.Owner)
            {
                _stored = now;
                if (await TryChangeAsync().ConfigureAwait(false))
                {
                    return;
                }
            }

            throw Lose();
        }
        finally
        {
            _gate.Release();
        }

        async ValueTask<bool> TryChangeAsync()
        {
            var changed = await _meta.WriteAsync(IdOf(Catalog), "build", Catalog, change(_stored.Value), _stored, StateJson.Default.BuildRecord, cancellationToken).ConfigureAwait(false);
            _stored = changed ?? _stored;
            return changed is not null;
        }
    }

    private static string IdOf(string catalog) => $"build.{catalog}";
}
