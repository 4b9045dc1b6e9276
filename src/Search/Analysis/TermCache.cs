using System.Collections.Concurrent;

namespace AiPlatform.Search.Analysis;

/// <summary>
/// Word to term, so that a repeated word is neither stemmed nor allocated again. Holds at most <see cref="Capacity"/> words, then stops taking more:
/// words of a language come early, and what comes late is rare. Thread-safe.
/// </summary>
internal sealed class TermCache
{
    /// <summary>Words kept; about 20 MB when full of words of ordinary length.</summary>
    public const int Capacity = 200_000;

    private readonly ConcurrentDictionary<string, string> _terms = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _bySpan;
    private int _count;

    /// <summary>An empty cache.</summary>
    public TermCache()
    {
        _bySpan = _terms.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>The term of a word seen before. No allocation. O(length).</summary>
    public bool TryGet(ReadOnlySpan<char> word, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? term) => _bySpan.TryGetValue(word, out term);

    /// <summary>Remembers a word's term while there is room; returns the instance that all callers share then.</summary>
    public string Add(ReadOnlySpan<char> word, string term)
    {
        if (Volatile.Read(ref _count) >= Capacity)
        {
            return term;
        }

        var key = term.AsSpan().SequenceEqual(word) ? term : word.ToString();
        if (_terms.TryAdd(key, term))
        {
            Interlocked.Increment(ref _count);
            return term;
        }

        return _terms[key];
    }
}
