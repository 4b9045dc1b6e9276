namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>
/// The best <c>window</c> rows of the first stage. Takes rows in ascending order of ordinals; when the memory is full it keeps the best and raises the threshold, so
/// that few later rows are taken at all. Deterministic: higher sums first, then lower ordinals. O(1) amortised a row.
/// </summary>
internal ref struct CandidateBuffer(Span<ulong> memory, int window)
{
    private readonly Span<ulong> _memory = memory;
    private readonly int _window = window;
    private int _count;

    /// <summary>Rows must have a sum above this; -1 until the first cut, so that a sum of 0 passes.</summary>
    public int Threshold { get; private set; } = -1;

    /// <summary>Takes a row.</summary>
    public void Add(int ordinal, ushort sum)
    {
        _memory[_count++] = ((ulong)sum << 32) | ~(uint)ordinal;
        if (_count == _memory.Length)
        {
            Cut();
            Threshold = (int)(_memory[_window - 1] >> 32);
        }
    }

    /// <summary>The ordinals of the best rows, ascending, in the given memory (at least the window); returns how many.</summary>
    public int Finish(Span<int> ordinals)
    {
        if (_count > _window)
        {
            Cut();
        }

        for (var i = 0; i < _count; i++)
        {
            ordinals[i] = (int)~(uint)_memory[i];
        }

        ordinals[.._count].Sort();
        return _count;
    }

    /// <summary>Moves the best window to the front, its worst row last, by quickselect. O(length).</summary>
    private void Cut()
    {
        var (low, high) = (0, _count - 1);
        var last = _window - 1;
        while (low < high)
        {
            var pivot = MedianOfThree(_memory[low], _memory[(low + high) / 2], _memory[high]);
            var (i, j) = (low, high);
            while (i <= j)
            {
                while (_memory[i] > pivot)
                {
                    i++;
                }

                while (_memory[j] < pivot)
                {
                    j--;
                }

                if (i <= j)
                {
                    (_memory[i], _memory[j]) = (_memory[j], _memory[i]);
                    i++;
                    j--;
                }
            }

            if (last <= j)
            {
                high = j;
            }
            else if (last >= i)
            {
                low = i;
            }
            else
            {
                break;
            }
        }

        _count = _window;
    }

    private static ulong MedianOfThree(ulong a, ulong b, ulong c) => Math.Max(Math.Min(a, b), Math.Min(Math.Max(a, b), c));
}
