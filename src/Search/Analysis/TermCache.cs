using System.Buffers;
using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace AiPlatform.Search.Analysis;

/// <summary>
/// Word to term, so that a repeated word is neither stemmed nor allocated again. Holds at most <see cref="Capacity"/> words, then stops taking more:
/// words of a language come early, and what comes late is rare. Words of ASCII with at most <see cref="LongestPacked"/> characters are kept by their characters, so that a look-up
/// reads one place of memory, the others in a dictionary. Thread-safe; reading takes no lock.
/// </summary>
internal sealed class TermCache
{
    /// <summary>Words kept; about 20 MB when full of words of ordinary length.</summary>
    public const int Capacity = 200_000;

    private const int LongestPacked = 16;

    private readonly Lock _writing = new();
    private readonly ConcurrentDictionary<string, string> _others = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, string>.AlternateLookup<ReadOnlySpan<char>> _othersBySpan;

    // Another one in every process, so that nobody can choose words that fall together.
    private readonly ulong _seed = (uint)HashCode.Combine(LongestPacked) * 0x9E37_79B9_7F4A_7C15;
    private Entry[] _entries = new Entry[1024];
    private int _count;

    /// <summary>An empty cache.</summary>
    public TermCache() => _othersBySpan = _others.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>The term of a word seen before. No allocation. O(length).</summary>
    public bool TryGet(ReadOnlySpan<char> word, [NotNullWhen(true)] out string? term)
    {
        if (!TryPack(word, out var key))
        {
            return _othersBySpan.TryGetValue(word, out term);
        }

        var entries = Volatile.Read(ref _entries);
        for (var i = Slot(key, entries.Length); ; i = (i + 1) & (entries.Length - 1))
        {
            // The term is written last: where it is there, its word is.
            term = Volatile.Read(ref entries[i].Term);
            if (term is null || entries[i].Word == key)
            {
                return term is not null;
            }
        }
    }

    /// <summary>Remembers a word's term while there is room; returns the instance that all callers share then.</summary>
    public string Add(ReadOnlySpan<char> word, string term)
    {
        if (Volatile.Read(ref _count) >= Capacity)
        {
            return term;
        }

        lock (_writing)
        {
            if (TryGet(word, out var known))
            {
                return known;
            }

            _count++;
            if (!TryPack(word, out var key))
            {
                return _others.GetOrAdd(term.AsSpan().SequenceEqual(word) ? term : word.ToString(), term);
            }

            if (_count * 2 >= _entries.Length)
            {
                Grow();
            }

            Put(_entries, key, term);
            return term;
        }
    }

    private void Grow()
    {
        var larger = new Entry[_entries.Length * 2];
        foreach (var entry in _entries)
        {
            if (entry.Term is not null)
            {
                Put(larger, entry.Word, entry.Term);
            }
        }

        Volatile.Write(ref _entries, larger);
    }

    private void Put(Entry[] entries, UInt128 key, string term)
    {
        var i = Slot(key, entries.Length);
        while (entries[i].Term is not null)
        {
            i = (i + 1) & (entries.Length - 1);
        }

        entries[i].Word = key;
        Volatile.Write(ref entries[i].Term, term);
    }

    private int Slot(UInt128 key, int length)
    {
        var mixed = Math.BigMul((ulong)key ^ _seed, (ulong)(key >> 64) ^ 0xA076_1D64_78BD_642F, out var low) ^ low;
        mixed = (mixed ^ (mixed >> 32)) * 0xE703_7ED1_A0B4_28DB;
        return (int)(mixed >> 33) & (length - 1);
    }

    /// <summary>The word's characters as bytes; a word never holds a zero, so its length needs no place.</summary>
    private static bool TryPack(ReadOnlySpan<char> word, out UInt128 key)
    {
        Span<byte> bytes = stackalloc byte[LongestPacked];
        bytes.Clear();
        key = default;
        if (word.Length > LongestPacked || Ascii.FromUtf16(word, bytes, out _) != OperationStatus.Done)
        {
            return false;
        }

        key = BinaryPrimitives.ReadUInt128LittleEndian(bytes);
        return true;
    }

    private struct Entry
    {
        public UInt128 Word;
        public string? Term;
    }
}
