namespace AiPlatform.Indexer.Jobs;

/// <summary>The jobs that are remembered and under which orders. Not thread-safe.</summary>
/// <param name="maxEnded">Jobs that have ended and are kept.</param>
internal sealed class ReindexHistory(int maxEnded)
{
    /// <summary>Idempotency keys remembered of one job; an order of a further key is answered, and forgotten.</summary>
    public const int MaxKeys = 64;

    private readonly Dictionary<string, Entry> _byId = new(StringComparer.Ordinal);
    private readonly Dictionary<OrderKey, (Entry Entry, ReindexOrder Order)> _byKey = [];
    private readonly LinkedList<ReindexRun> _newest = new();
    private readonly Queue<Entry> _ended = new();

    public void Add(ReindexRun run) => _byId.Add(run.Look().Id, new Entry(run, _newest.AddFirst(run)));

    public ReindexRun? Find(string id) => _byId.GetValueOrDefault(id)?.Run;

    /// <summary>The jobs of a catalog, newest first.</summary>
    public IEnumerable<ReindexRun> Newest(string catalog) => _newest.Where(r => r.Source.Catalog == catalog);

    /// <summary>The job that an order of the same subject, catalog and key was answered with; null when there is none.</summary>
    /// <exception cref="ReindexRequestException">That order had other options.</exception>
    public ReindexRun? FindOrdered(string subject, ReindexOrder order)
    {
        if (order.IdempotencyKey is not { } key || !_byKey.TryGetValue(new OrderKey(subject, order.Catalog, key), out var known))
        {
            return null;
        }

        return known.Order == order
            ? known.Entry.Run
            : throw new ReindexRequestException("idempotency_conflict", "The idempotency key was used with other options. Use a new key for another order.", retryable: false);
    }

    public void Remember(string subject, ReindexOrder order, ReindexRun run)
    {
        var entry = _byId[run.Look().Id];
        if (order.IdempotencyKey is { } key && entry.Keys.Count < MaxKeys)
        {
            var name = new OrderKey(subject, order.Catalog, key);
            _byKey[name] = (entry, order);
            entry.Keys.Add(name);
        }
    }

    /// <summary>From now on the orders that were answered with the job start another.</summary>
    public void ForgetKeys(ReindexRun run) => ForgetKeys(_byId[run.Look().Id]);

    /// <summary>Takes note of an end, and forgets what ended longest ago.</summary>
    public void Ended(ReindexRun run)
    {
        _ended.Enqueue(_byId[run.Look().Id]);
        if (_ended.Count > maxEnded)
        {
            var oldest = _ended.Dequeue();
            _byId.Remove(oldest.Run.Look().Id);
            _newest.Remove(oldest.Place);
            ForgetKeys(oldest);
        }
    }

    private void ForgetKeys(Entry entry)
    {
        entry.Keys.ForEach(k => _byKey.Remove(k));
        entry.Keys.Clear();
    }

    private readonly record struct OrderKey(string Subject, string Catalog, string Key);

    private sealed record Entry(ReindexRun Run, LinkedListNode<ReindexRun> Place)
    {
        public List<OrderKey> Keys { get; } = [];
    }
}
