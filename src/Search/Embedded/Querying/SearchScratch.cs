namespace AiPlatform.Search.Embedded.Querying;

/// <summary>
/// A thread's working arrays, kept between queries so that the hot path allocates nothing. Sized by the largest generation the thread
/// has searched: 12 bytes a product and bounded extras. <see cref="Scores"/> is all zero between queries.
/// </summary>
internal sealed class SearchScratch
{
    [ThreadStatic]
    private static SearchScratch? _current;

    /// <summary>Score by ordinal; zero when not matched.</summary>
    public float[] Scores { get; private set; } = [];

    /// <summary>Ordinals of the matches; the first <see cref="MatchCount"/> are valid.</summary>
    public int[] Matches { get; private set; } = [];

    /// <summary>Scores of the matches, by position in <see cref="Matches"/>.</summary>
    public float[] MatchScores { get; private set; } = [];

    /// <summary>Number of matches.</summary>
    public int MatchCount { get; set; }

    /// <summary>Sort keys: inverted score bits above, id rank below.</summary>
    public ulong[] Keys { get; private set; } = new ulong[1024];

    /// <summary>Counters by value number, all zero between uses.</summary>
    public int[] Counters { get; private set; } = [];

    /// <summary>The thread's arrays, at least large enough for so many ordinals.</summary>
    public static SearchScratch For(int ordinals)
    {
        var scratch = _current ??= new SearchScratch();
        if (scratch.Scores.Length < ordinals)
        {
            scratch.Scores = new float[ordinals];
            scratch.Matches = new int[ordinals];
            scratch.MatchScores = new float[ordinals];
        }

        scratch.MatchCount = 0;
        return scratch;
    }

    /// <summary>Drops the thread's arrays: after a failure in the middle of a walk they may hold what another scope's query must not meet.</summary>
    public static void Discard() => _current = null;

    public int[] CountersFor(int size)
    {
        if (Counters.Length < size)
        {
            Counters = new int[size];
        }

        return Counters;
    }

    public ulong[] KeysFor(int size)
    {
        if (Keys.Length < size)
        {
            Keys = new ulong[Math.Max(size, Keys.Length * 2)];
        }

        return Keys;
    }
}
