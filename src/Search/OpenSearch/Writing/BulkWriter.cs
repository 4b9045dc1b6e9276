using System.Buffers;
using System.Text.Json;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>
/// Writes products in bulks, some of them under way at once. Every write has a version that grows, and the higher wins: sent twice, or overtaken, it does no harm. Not thread-safe;
/// memory is bounded by the bulks under way.
/// </summary>
/// <param name="connection">The cluster.</param>
/// <param name="alias">What is written through.</param>
/// <param name="lease">The right to.</param>
/// <param name="outage">Waits for a cluster that is away.</param>
/// <param name="pace">How much at once.</param>
/// <param name="time">Clock.</param>
internal sealed class BulkWriter(OpenSearchConnection connection, string alias, BuildLease lease, Outage outage, BulkPace pace, TimeProvider time) : IAsyncDisposable
{
    private const string What = "writing products";
    private readonly List<Task<List<BulkRefusal>>> _underWay = [];
    private readonly List<BulkRefusal> _refused = [];
    private readonly CancellationTokenSource _stop = new();
    private BulkBatch _batch = new();

    /// <summary>The items refused so far, which are then forgotten here.</summary>
    public IReadOnlyList<BulkRefusal> TakeRefused()
    {
        if (_refused.Count == 0)
        {
            return [];
        }

        BulkRefusal[] refused = [.. _refused];
        _refused.Clear();
        return refused;
    }

    /// <summary>Puts a product.</summary>
    /// <param name="slot">Its slot in the table.</param>
    /// <param name="id">Its id.</param>
    /// <param name="sequence">Which write of the build it is.</param>
    /// <param name="version">Its version in the index.</param>
    /// <param name="write">Writes the document, one JSON object.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask PutAsync(int slot, string id, uint sequence, long version, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        var start = _batch.Bytes;
        WriteAction("index", id, version);
        using (var json = new Utf8JsonWriter(_batch.Lines))
        {
            write(json);
        }

        _batch.Lines.Write("\n"u8);
        return CloseAsync(slot, sequence, start, cancellationToken);
    }

    /// <summary>Deletes a product, if it is there.</summary>
    public ValueTask DeleteAsync(int slot, string id, uint sequence, long version, CancellationToken cancellationToken)
    {
        var start = _batch.Bytes;
        WriteAction("delete", id, version);
        return CloseAsync(slot, sequence, start, cancellationToken);
    }

    /// <summary>Sends what is left and waits until everything is acknowledged.</summary>
    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        Send(cancellationToken);
        while (_underWay.Count > 0)
        {
            await TakeFirstAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Stops what is under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_underWay).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OpenSearchException or OperationCanceledException or Core.Catalog.CatalogBusyException)
        {
            // The build is given up: it no longer matters what was written.
        }

        _stop.Dispose();
    }

    private void WriteAction(string action, string id, long version)
    {
        using (var json = new Utf8JsonWriter(_batch.Lines))
        {
            json.WriteStartObject();
            json.WriteStartObject(action);
            json.WriteString("_id", id);
            json.WriteNumber("version", version);
            json.WriteString("version_type", "external");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        _batch.Lines.Write("\n"u8);
    }

    private async ValueTask CloseAsync(int slot, uint sequence, int start, CancellationToken cancellationToken)
    {
        _batch.Close(slot, sequence, start);
        if (_batch.Bytes < pace.Bytes && _batch.Items.Count < connection.Options.BulkProducts)
        {
            return;
        }

        Send(cancellationToken);
        while (_underWay.Count >= pace.Concurrency)
        {
            await TakeFirstAsync().ConfigureAwait(false);
        }
    }

    private void Send(CancellationToken cancellationToken)
    {
        if (_batch.Items.Count > 0)
        {
            _underWay.Add(SendAsync(_batch, cancellationToken));
            _batch = new BulkBatch(Math.Min(pace.Bytes, connection.Options.BulkBytes) + (64 << 10));
        }
    }

    private async ValueTask TakeFirstAsync()
    {
        var first = _underWay[0];
        _underWay.RemoveAt(0);
        _refused.AddRange(await first.ConfigureAwait(false));
    }

    /// <summary>Sends a batch until each of its items is written or refused.</summary>
    private async Task<List<BulkRefusal>> SendAsync(BulkBatch batch, CancellationToken caller)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, _stop.Token);
        var cancellationToken = either.Token;
        var refused = new List<BulkRefusal>();
        var left = new Stack<BulkBatch>([batch]);
        var (failures, began) = (0, 0L);
        while (left.TryPop(out var part))
        {
            lease.Demand();
            var answer = await TryAsync(part, cancellationToken).ConfigureAwait(false);
            if (answer.IsFenced)
            {
                throw lease.Lose();
            }

            refused.AddRange(answer.Refused);
            if (answer.Fault is null)
            {
                pace.Clean();
                failures = 0;
                continue;
            }

            if (answer.Fault is { IsTransient: false, Code: not OpenSearchErrors.Blocked })
            {
                if (answer.Again.Count > 0 || part.Items.Count == 0)
                {
                    throw answer.Fault;
                }

                // The request as a whole is refused: one product in it is the reason, and the halves tell which.
                Split(part, answer.Fault, left, refused);
                continue;
            }

            // Some went through: that is progress, and the patience begins anew.
            failures = answer.Again.Count < part.Items.Count ? 0 : failures;
            began = failures == 0 ? time.GetTimestamp() : began;
            Return(part, answer, left);
            await outage.WaitAsync(What, failures++, began, answer.Fault, cancellationToken).ConfigureAwait(false);
        }

        return refused;
    }

    /// <summary>What is to be sent again goes back, in halves when it was too much at once.</summary>
    private void Return(BulkBatch part, BulkAnswer answer, Stack<BulkBatch> left)
    {
        var again = answer.Again.Count == part.Items.Count ? part : part.Only(answer.Again);
        if (answer.Fault!.Code != OpenSearchErrors.Overloaded)
        {
            left.Push(again);
            return;
        }

        pace.Slow();
        if (again.Items.Count == 1)
        {
            left.Push(again);
            return;
        }

        var (first, second) = again.Halves();
        left.Push(second);
        left.Push(first);
    }

    private static void Split(BulkBatch part, OpenSearchException fault, Stack<BulkBatch> left, List<BulkRefusal> refused)
    {
        if (part.Items.Count == 1)
        {
            refused.Add(new BulkRefusal(part.Items[0].Slot, part.Items[0].Sequence, fault.Type.Length == 0 ? "bulk_rejected" : fault.Type, fault.Reason));
            return;
        }

        var (first, second) = part.Halves();
        left.Push(second);
        left.Push(first);
    }

    private async ValueTask<BulkAnswer> TryAsync(BulkBatch part, CancellationToken cancellationToken)
    {
        try
        {
            var request = new OpenSearchRequest(HttpMethod.Post, $"/{alias}/_bulk?require_alias=true")
            {
                Body = part.Body,
                Lines = true,
                Repeat = Repeat.AfterFailure,
                Timeout = TimeSpan.FromSeconds(connection.Options.WriteTimeoutSeconds),
            };
            using var response = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return BulkAnswer.Read(response.Root, part);
        }
        catch (OpenSearchException e) when (e.IsTransient || e.Code is OpenSearchErrors.Blocked or OpenSearchErrors.Failed)
        {
            var fault = e.Code == OpenSearchErrors.Failed ? new OpenSearchException(OpenSearchErrors.Unavailable, e.Message, e) { Status = e.Status } : e;
            return new BulkAnswer([.. Enumerable.Range(0, part.Items.Count)], [], fault, IsFenced: false);
        }
        catch (OpenSearchException e) when (e is { Status: 400 or 413 })
        {
            return new BulkAnswer([], [], e, IsFenced: false);
        }
    }
}
