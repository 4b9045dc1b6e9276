using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.OpenSearch.Querying;

namespace AiPlatform.Search.OpenSearch.State;

/// <summary>
/// The live generations as the state of the cluster tells them, remembered for <see cref="OpenSearchOptions.ReloadCheckMilliseconds"/>. While one caller looks, the others go on with
/// what was live a moment ago; and so do all while the state cannot be read.
/// </summary>
internal sealed class LiveIndexes(CatalogStates states, MetaIndex meta, IQueryEmbedderSource embedders, OpenSearchOptions options, TimeProvider time) : ILiveIndexes, IDisposable
{
    private const string SecretId = "secret.cursors";
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _secretGate = new(1, 1);
    private byte[]? _secret;

    public ValueTask<IReadOnlyList<string>> NamesAsync(CancellationToken cancellationToken) => states.CatalogsAsync(cancellationToken);

    public async ValueTask<LiveIndex?> FindAsync(string catalog, CancellationToken cancellationToken)
    {
        if (!CatalogName.IsValid(catalog))
        {
            return null;
        }

        if (!_slots.TryGetValue(catalog, out var slot))
        {
            // Only catalogs that are there are remembered: whoever asks for any name fills no memory.
            var found = await ReadAsync(catalog, null, cancellationToken).ConfigureAwait(false);
            if (found is not null)
            {
                _slots.TryAdd(catalog, new Slot { Live = found, CheckedAt = time.GetTimestamp() });
            }

            return found;
        }

        if (IsFresh(slot) || (slot.Live is not null && !slot.IsForgotten && slot.Gate.CurrentCount == 0))
        {
            return slot.Live;
        }

        await slot.Gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!IsFresh(slot))
            {
                await RefreshAsync(catalog, slot, cancellationToken).ConfigureAwait(false);
            }

            return slot.Live;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    public void Forget(LiveIndex gone)
    {
        ArgumentNullException.ThrowIfNull(gone);
        Forget(gone.Catalog);
    }

    /// <summary>The catalog has another live generation: the next read looks.</summary>
    public void Forget(string catalog)
    {
        if (_slots.TryGetValue(catalog, out var slot))
        {
            slot.IsForgotten = true;
        }
    }

    /// <summary>A generation as it is asked, live or not.</summary>
    public async ValueTask<LiveIndex> OpenAsync(StoredGeneration generation, CancellationToken cancellationToken)
    {
        var info = generation.Info;
        return new LiveIndex(
            info.Catalog,
            generation.Index,
            info.Number,
            info.EmbeddingModel,
            info.Dimensions,
            TextAnalyzers.Get(generation.Analyzer),
            info.Dimensions == 0 ? null : await EmbedderAsync(generation, cancellationToken).ConfigureAwait(false),
            await SecretAsync(cancellationToken).ConfigureAwait(false));
    }

    public void Dispose()
    {
        _secretGate.Dispose();
        foreach (var slot in _slots.Values)
        {
            slot.Gate.Dispose();
        }
    }

    private bool IsFresh(Slot slot) =>
        !slot.IsForgotten && time.GetElapsedTime(slot.CheckedAt).TotalMilliseconds < options.ReloadCheckMilliseconds;

    private async ValueTask RefreshAsync(string catalog, Slot slot, CancellationToken cancellationToken)
    {
        var forgotten = slot.IsForgotten;
        slot.IsForgotten = false;
        try
        {
            slot.Live = await ReadAsync(catalog, slot.Live, cancellationToken).ConfigureAwait(false);
            slot.CheckedAt = time.GetTimestamp();
        }
        catch (OpenSearchException e) when (e.IsTransient && !forgotten && slot.Live is not null)
        {
            // The state cannot be read at present: the index may still answer, and says so itself when it cannot.
            slot.CheckedAt = time.GetTimestamp();
        }
        catch
        {
            slot.IsForgotten = forgotten;
            throw;
        }
    }

    private async ValueTask<LiveIndex?> ReadAsync(string catalog, LiveIndex? before, CancellationToken cancellationToken)
    {
        if (await states.LiveAsync(catalog, cancellationToken).ConfigureAwait(false) is not { } live)
        {
            return null;
        }

        return before is not null && before.Generation == live.Info.Number && before.Index == live.Index
            ? before
            : await OpenAsync(live, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Asks twice: the first time tells which attachments the source wants to see, if any.</summary>
    private async ValueTask<IProductEmbedder?> EmbedderAsync(StoredGeneration generation, CancellationToken cancellationToken)
    {
        var wanted = new Dictionary<string, byte[]?>(StringComparer.Ordinal);
        var embedder = embedders.Find(generation.Info.EmbeddingModel, name =>
        {
            wanted[name] = null;
            return null;
        });
        if (wanted.Count == 0)
        {
            return embedder;
        }

        foreach (var name in wanted.Keys.ToList())
        {
            wanted[name] = generation.Attachments.TryGetValue(name, out var file) ? await states.ReadFileAsync(file, cancellationToken).ConfigureAwait(false) : null;
        }

        return embedders.Find(generation.Info.EmbeddingModel, name => wanted.GetValueOrDefault(name));
    }

    private async ValueTask<byte[]> SecretAsync(CancellationToken cancellationToken)
    {
        if (_secret is { } known)
        {
            return known;
        }

        await _secretGate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            for (var attempt = 0; _secret is null; attempt++)
            {
                var stored = await meta.ReadAsync(SecretId, StateJson.Default.CursorSecret, cancellationToken).ConfigureAwait(false)
                    ?? await meta.WriteAsync(SecretId, "secret", "", new CursorSecret(RandomNumberGenerator.GetBytes(32)), null, StateJson.Default.CursorSecret, cancellationToken).ConfigureAwait(false);
                _secret = stored?.Value.Key ?? (attempt == 0 ? null : throw new OpenSearchException(OpenSearchErrors.InvalidAnswer, $"OpenSearch neither has nor takes the document {SecretId}."));
            }

            return _secret;
        }
        finally
        {
            _secretGate.Release();
        }
    }

    private sealed class Slot
    {
        public SemaphoreSlim Gate { get; } = new(1, 1);

        public volatile LiveIndex? Live;

        public volatile bool IsForgotten;

        public long CheckedAt { get; set; }
    }
}
