namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>What was counted for one question.</summary>
internal sealed class Counts
{
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>A count that was asked for.</summary>
    public int Of(Counting counting) => _counts[counting.Key];

    public void Set(Counting counting, int count) => _counts[counting.Key] = count;
}
