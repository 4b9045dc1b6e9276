namespace AiPlatform.Bench.Relevance;

/// <summary>Reads named columns of a tab-separated file. No quoting: a quote is a character like any other.</summary>
internal static class TsvRows
{
    public static IEnumerable<string[]> Read(string path, params string[] columns)
    {
        using var reader = new StreamReader(path);
        var header = (reader.ReadLine() ?? "").Split('\t');
        var places = columns.Select(c => Array.IndexOf(header, c)).ToArray();
        var missing = columns.Where((_, i) => places[i] < 0).ToArray();
        if (missing.Length > 0)
        {
            throw new InvalidDataException($"{path} has no column {string.Join(", ", missing)}; its first line must name the columns.");
        }

        for (var number = 2; reader.ReadLine() is { } line; number++)
        {
            var cells = line.Split('\t');
            if (cells.Length <= places.Max())
            {
                throw new InvalidDataException($"{path}:{number} has {cells.Length} columns, fewer than its header.");
            }

            yield return [.. places.Select(p => cells[p])];
        }
    }
}
