namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>The best k of what it is given, as a heap over the caller's memory. Adding costs one comparison for what is not among them.</summary>
internal ref struct TopOrdinals(Span<ScoredOrdinal> heap)
{
    private readonly Span<ScoredOrdinal> _heap = heap;
    private int _count;

    /// <summary>Takes a product when it is among the best so far. O(log k) then.</summary>
    public void Add(int ordinal, float score)
    {
        var item = new ScoredOrdinal(ordinal, score);
        if (_count < _heap.Length)
        {
            RaiseLast(item);
        }
        else if (score >= _heap[0].Score && _heap[0].IsWorseThan(item))
        {
            SinkRoot(item, _count);
        }
    }

    /// <summary>Orders the memory best first; returns how many there are. O(k log k).</summary>
    public readonly int Finish()
    {
        for (var end = _count - 1; end > 0; end--)
        {
            var worst = _heap[0];
            SinkRoot(_heap[end], end);
            _heap[end] = worst;
        }

        return _count;
    }

    private void RaiseLast(ScoredOrdinal item)
    {
        var i = _count++;
        while (i > 0 && item.IsWorseThan(_heap[(i - 1) / 2]))
        {
            _heap[i] = _heap[(i - 1) / 2];
            i = (i - 1) / 2;
        }

        _heap[i] = item;
    }

    private readonly void SinkRoot(ScoredOrdinal item, int count)
    {
        var i = 0;
        while ((2 * i) + 1 < count)
        {
            var child = (2 * i) + 1;
            if (child + 1 < count && _heap[child + 1].IsWorseThan(_heap[child]))
            {
                child++;
            }

            if (!_heap[child].IsWorseThan(item))
            {
                break;
            }

            _heap[i] = _heap[child];
            i = child;
        }

        _heap[i] = item;
    }
}
