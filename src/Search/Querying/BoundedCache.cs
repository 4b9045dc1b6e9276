using System.Collections.Concurrent;

namespace AiPlatform.Search.Querying;

/// <summary>
/// A cache bounded in bytes, in two halves: when the young half is full it becomes the old half and the old one is dropped; an entry
/// read from the old half moves to the young one. Reads take no lock. It belongs to one scope's view, or its key names the view.
/// </summary>
internal sealed class BoundedCache<TKey, TValue>(long capacityBytes)
    where TKey : notnull
    where TValue : class
{
    private readonly Lock _swap = new();
    private readonly long _half = capacityBytes / 2;
    private ConcurrentDictionary<TKey, Entry> _young = new();
    private ConcurrentDictionary<TKey, Entry> _old = new();
    private long _bytes;

    public bool TryGet(TKey key, out TValue? value)
    {
        if (_young.TryGetValue(key, out var entry))
        {
            value = entry.Value;
            return true;
        }

        if (!_old.TryGetValue(key, out entry))
        {
            value = null;
            return false;
        }

        value = entry.Value;
        Add(key, entry.Value, entry.Bytes);
        return true;
    }

    /// <summary>Adds an entry of the given size; keeps the one that is there.</summary>
    public void Add(TKey key, TValue value, int bytes)
    {
        if (!_young.TryAdd(key, new Entry(value, bytes)) || Interlocked.Add(ref _bytes, bytes) <= _half)
        {
            return;
        }

        lock (_swap)
        {
            if (Volatile.Read(ref _bytes) > _half)
            {
                _old = _young;
                _young = new ConcurrentDictionary<TKey, Entry>();
                Volatile.Write(ref _bytes, 0);
            }
        }
    }

    private readonly record struct Entry(TValue Value, int Bytes);
}
