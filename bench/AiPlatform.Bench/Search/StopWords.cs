namespace AiPlatform.Bench.Search;

/// <summary>The words that the peer's query leaves out, as the judged baselines did.</summary>
internal static class StopWords
{
    private static readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> Words = new HashSet<string>(
        "a an and are as at be by for from in is it of on or that the this to was will with".Split(' '), StringComparer.Ordinal).GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool Contains(ReadOnlySpan<char> word) => Words.Contains(word);
}
