using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Writing;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.OpenSearch.Writing;

namespace AiPlatform.Search.OpenSearch;

/// <summary>
/// The journal in the cluster, seen by every builder on whatever machine: pieces that hold changes, and a head for each catalog that names them, written behind them and only over what was
/// read. So an addition is there whole or not at all. All is read by id, which sees every acknowledged write at once. Waits for a cluster that is away. Thread-safe.
/// </summary>
/// <param name="index">The index of the journal.</param>
/// <param name="outage">Waits for a cluster that is away.</param>
/// <param name="time">The clock.</param>
/// <param name="maxBytes">Bytes of a catalog's journal at most. Default 1 GiB.</param>
internal sealed class OpenSearchChangeJournal(MetaIndex index, Outage outage, TimeProvider time, long maxBytes = 1L << 30) : IChangeJournal
{
    /// <summary>Bytes of a piece; a third more as they are sent.</summary>
    private const int ChunkBytes = 3 << 20;

    /// <summary>After this time a piece that no head names is one of an addition that broke off.</summary>
    private static readonly TimeSpan OrphanAge = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    public async ValueTask<bool> AppendAsync(AccessScope system, string catalog, IEnumerable<ReadOnlyMemory<byte>> changes, CancellationToken cancellationToken)
    {
        Demand(system, catalog);
        ArgumentNullException.ThrowIfNull(changes);
        var began = time.GetTimestamp();
        var head = await HeadAsync(catalog, cancellationToken).ConfigureAwait(false);
        if (head is null)
        {
            await outage.RideOutAsync("making the journal", token => index.EnsureAsync(token, missed: true), cancellationToken).ConfigureAwait(false);
        }

        await SweepAsync(catalog, head?.Value, cancellationToken).ConfigureAwait(false);
        var id = string.Create(CultureInfo.InvariantCulture, $"{catalog}.{time.GetUtcNow().ToUnixTimeSeconds()}.{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        var batch = await WriteAsync(catalog, id, changes, maxBytes - (head?.Value.Bytes ?? 0), cancellationToken).ConfigureAwait(false);
        for (var attempt = 0; batch.Count > 0; attempt++)
        {
            var log = head?.Value ?? new ChangeLog(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), 1, [], []);
            if (log.Knows(id))
            {
                // By a try whose answer was lost.
                return true;
            }

            if (batch.Bytes > maxBytes - log.Bytes || log.Waiting.Count >= ChangeLog.MaxBatches)
            {
                await DeleteAsync([batch], cancellationToken).ConfigureAwait(false);
                return false;
            }

            if (time.GetElapsedTime(began) > OrphanAge / 2)
            {
                throw new OpenSearchException(OpenSearchErrors.Timeout, $"Changes of '{catalog}' were not kept: it took longer than {OrphanAge.TotalMinutes / 2:0} minutes to write them. Look at the cluster's load, then run them again.");
            }

            if (await ReplaceAsync(catalog, log.With(batch), head, cancellationToken).ConfigureAwait(false))
            {
                return true;
            }

            await Task.Delay(OpenSearchConnection.BackOff(attempt), time, cancellationToken).ConfigureAwait(false);
            head = await HeadAsync(catalog, cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<string?> LastAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        Demand(system, catalog);
        return (await HeadAsync(catalog, cancellationToken).ConfigureAwait(false))?.Value.LastPosition;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalledChange> ReadAsync(AccessScope system, string catalog, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Demand(system, catalog);
        if ((await HeadAsync(catalog, cancellationToken).ConfigureAwait(false))?.Value is not { } log)
        {
            yield break;
        }

        var applied = log.NumberOf(after);
        foreach (var batch in log.Waiting.Where(b => b.Last > applied))
        {
            var number = batch.First;
            await foreach (var change in ReadAsync(catalog, batch, cancellationToken).ConfigureAwait(false))
            {
                if (number > applied)
                {
                    yield return new JournalledChange(log.PositionOf(number), change);
                }

                number++;
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask TrimAsync(AccessScope system, string catalog, string through, CancellationToken cancellationToken)
    {
        Demand(system, catalog);
        ArgumentNullException.ThrowIfNull(through);
        for (var attempt = 0; ; attempt++)
        {
            if (await HeadAsync(catalog, cancellationToken).ConfigureAwait(false) is not { } head)
            {
                return;
            }

            var applied = head.Value.NumberOf(through);
            ChangeBatch[] done = [.. head.Value.Waiting.Where(b => b.Last <= applied)];
            var left = head.Value.Without(done);
            if (done.Length == 0 || await ReplaceAsync(catalog, left, head, cancellationToken).ConfigureAwait(false))
            {
                // Behind the head, so that nobody is told of what is gone. What is left by a crash here is swept later.
                await DeleteAsync(done, cancellationToken).ConfigureAwait(false);
                await SweepAsync(catalog, left, cancellationToken).ConfigureAwait(false);
                return;
            }

            await Task.Delay(OpenSearchConnection.BackOff(attempt), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static void Demand(AccessScope system, string catalog)
    {
        WriteAccess.Demand(system);
        if (!CatalogName.IsValid(catalog))
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", $"That is no catalog name: {CatalogName.Rule}.");
        }
    }

    private static string HeadOf(string catalog) => $"head.{catalog}";

    private static string ChunkOf(string batch, int chunk) => string.Create(CultureInfo.InvariantCulture, $"{batch}.{chunk}");

    private static InvalidDataException Damaged(string catalog, ChangeBatch batch) =>
        new($"Changes that wait for '{catalog}' are not all there (batch {batch.Id} of the journal in the cluster). Restore the journal's index from a snapshot; or delete its document {HeadOf(catalog)}, which gives the changes up, and run a full reindex.");

    private ValueTask<Stored<ChangeLog>?> HeadAsync(string catalog, CancellationToken cancellationToken) =>
        outage.RideOutAsync("reading the journal", token => index.ReadAsync(HeadOf(catalog), StateJson.Default.ChangeLog, token), cancellationToken);

    /// <summary>Not cut off on its way: whoever is told to stop is to know whether it was done.</summary>
    /// <returns>False when somebody else wrote meanwhile.</returns>
    private async ValueTask<bool> ReplaceAsync(string catalog, ChangeLog log, Stored<ChangeLog>? read, CancellationToken cancellationToken) =>
        await outage.RideOutAsync("writing the journal", _ => index.WriteAsync(HeadOf(catalog), "log", catalog, log, read, StateJson.Default.ChangeLog, CancellationToken.None), cancellationToken).ConfigureAwait(false) is not null;

    /// <summary>Writes the pieces as long as there is room for them; a batch that is not whole has more bytes than any journal.</summary>
    private async ValueTask<ChangeBatch> WriteAsync(string catalog, string id, IEnumerable<ReadOnlyMemory<byte>> changes, long room, CancellationToken cancellationToken)
    {
        var batch = new ChangeBatch(id, 0, 0, 0, 0);
        var piece = new ArrayBufferWriter<byte>();
        foreach (var change in changes)
        {
            BinaryPrimitives.WriteInt32LittleEndian(piece.GetSpan(sizeof(int)), change.Length);
            piece.Advance(sizeof(int));
            piece.Write(change.Span);
            batch = batch with { Count = batch.Count + 1, Bytes = batch.Bytes + sizeof(int) + change.Length };
            if (batch.Bytes > room)
            {
                return batch with { Bytes = long.MaxValue };
            }

            if (piece.WrittenCount >= ChunkBytes)
            {
                batch = await SendAsync(catalog, batch, piece, cancellationToken).ConfigureAwait(false);
            }
        }

        return piece.WrittenCount == 0 ? batch : await SendAsync(catalog, batch, piece, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ChangeBatch> SendAsync(string catalog, ChangeBatch batch, ArrayBufferWriter<byte> bytes, CancellationToken cancellationToken)
    {
        for (var at = 0; at < bytes.WrittenCount; at += ChunkBytes)
        {
            var chunk = ChunkOf(batch.Id, batch.Chunks);
            var content = bytes.WrittenMemory.Slice(at, Math.Min(ChunkBytes, bytes.WrittenCount - at));
            await outage.RideOutAsync("writing changes", token => index.WriteChunkAsync(chunk, catalog, content, token), cancellationToken).ConfigureAwait(false);
            batch = batch with { Chunks = batch.Chunks + 1 };
        }

        bytes.ResetWrittenCount();
        return batch;
    }

    private async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(string catalog, ChangeBatch batch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ReadOnlyMemory<byte> rest = default;
        var (count, bytes) = (0, 0L);
        for (var i = 0; i < batch.Chunks; i++)
        {
            var chunk = ChunkOf(batch.Id, i);
            var content = await outage.RideOutAsync("reading changes", token => index.ReadChunkAsync(chunk, token), cancellationToken).ConfigureAwait(false) ?? throw Damaged(catalog, batch);
            bytes += content.Length;
            rest = rest.IsEmpty ? content : (byte[])[.. rest.Span, .. content];
            while (rest.Length >= sizeof(int) && BinaryPrimitives.ReadInt32LittleEndian(rest.Span) is >= 0 and var length && length <= rest.Length - sizeof(int))
            {
                yield return rest.Slice(sizeof(int), length);
                rest = rest[(sizeof(int) + length)..];
                count++;
            }
        }

        if (!rest.IsEmpty || count != batch.Count || bytes != batch.Bytes)
        {
            throw Damaged(catalog, batch);
        }
    }

    private ValueTask DeleteAsync(IReadOnlyCollection<ChangeBatch> batches, CancellationToken cancellationToken) =>
        DeleteAsync([.. batches.SelectMany(b => Enumerable.Range(0, b.Chunks).Select(c => ChunkOf(b.Id, c)))], cancellationToken);

    private ValueTask DeleteAsync(IReadOnlyCollection<string> chunks, CancellationToken cancellationToken) =>
        chunks.Count == 0 ? default : outage.RideOutAsync("removing changes", token => index.DeleteAsync(chunks, token), cancellationToken);

    /// <summary>Deletes pieces that no head names and none will.</summary>
    private async ValueTask SweepAsync(string catalog, ChangeLog? log, CancellationToken cancellationToken)
    {
        var oldest = (time.GetUtcNow() - OrphanAge).ToUnixTimeSeconds();
        var all = await outage.RideOutAsync("looking for changes left behind", token => index.ListChunksAsync(catalog, token), cancellationToken).ConfigureAwait(false);
        var named = log?.Waiting.Select(b => b.Id).ToHashSet(StringComparer.Ordinal) ?? [];
        await DeleteAsync(
            [.. all.Where(chunk => !named.Contains(chunk[..chunk.LastIndexOf('.')]) && chunk.Split('.') is [_, var at, ..] && long.Parse(at, CultureInfo.InvariantCulture) < oldest)], cancellationToken).ConfigureAwait(false);
    }
}
