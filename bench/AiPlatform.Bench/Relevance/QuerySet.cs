namespace AiPlatform.Bench.Relevance;

/// <summary>Queries of a TSV file with the columns <c>query_id</c> and <c>query</c> and a header line.</summary>
internal static class QuerySet
{
    public static IReadOnlyList<(string Id, string Text)> Read(string path)
    {
        var queries = new List<(string, string)>();
        foreach (var row in TsvRows.Read(path, "query_id", "query"))
        {
            queries.Add((row[0], row[1]));
        }

        return queries.Count > 0 ? queries : throw new InvalidDataException($"{path} holds no query.");
    }
}
