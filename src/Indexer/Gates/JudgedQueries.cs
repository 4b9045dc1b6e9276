using System.Globalization;

namespace AiPlatform.Indexer.Gates;

/// <summary>Reads judged queries from two tab-separated files with a header line. No quoting: a quote is a character like any other.</summary>
internal static class JudgedQueries
{
    /// <summary>Queries taken; of more, those at the start of the file.</summary>
    public const int MaxQueries = 500;

    /// <summary>Those with at least one judgment above 0, in the order of the file.</summary>
    /// <exception cref="GateFileException">A file is missing or wrong, or no query is judged.</exception>
    public static IReadOnlyList<JudgedQuery> Read(string queryFile, string judgmentFile)
    {
        var gains = new Dictionary<string, Dictionary<string, double>>(StringComparer.Ordinal);
        foreach (var row in Rows(judgmentFile, "query_id", "product_id", "gain"))
        {
            if (!double.TryParse(row[2], NumberStyles.Float, CultureInfo.InvariantCulture, out var gain))
            {
                throw new GateFileException($"{Path.GetFileName(judgmentFile)}: '{row[2]}' is no gain.");
            }

            if (!gains.TryGetValue(row[0], out var ofQuery))
            {
                gains[row[0]] = ofQuery = new(StringComparer.Ordinal);
            }

            ofQuery[row[1]] = gain;
        }

        var judged = Rows(queryFile, "query_id", "query")
            .Where(row => gains.TryGetValue(row[0], out var found) && found.Values.Any(g => g > 0))
            .Select(row => new JudgedQuery(row[1], gains[row[0]]))
            .Take(MaxQueries)
            .ToArray();
        return judged.Length > 0 ? judged : throw new GateFileException($"No query of {Path.GetFileName(queryFile)} has a judgment above 0 in {Path.GetFileName(judgmentFile)}.");
    }

    private static IEnumerable<string[]> Rows(string path, params string[] columns)
    {
        var name = Path.GetFileName(path);
        string[] lines;
        try
        {
            lines = File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GateFileException($"The file '{name}' cannot be read: {e.Message}");
        }

        var header = lines.Length == 0 ? [] : lines[0].Split('\t');
        var places = columns.Select(c => Array.IndexOf(header, c)).ToArray();
        if (places.Any(p => p < 0))
        {
            throw new GateFileException($"{name} must name the columns {string.Join(", ", columns)} in its first line.");
        }

        return lines.Skip(1).Select((line, i) => line.Split('\t') is var cells && cells.Length > places.Max()
            ? places.Select(p => cells[p]).ToArray()
            : throw new GateFileException($"{name}, line {i + 2}: there are {cells.Length} columns, fewer than in the header."));
    }
}
