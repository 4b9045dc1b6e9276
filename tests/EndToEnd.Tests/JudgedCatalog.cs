using System.Globalization;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>A judged catalog: products, queries and gains. Found by walking up from the tests, or where the variable says.</summary>
internal sealed class JudgedCatalog
{
    private const string Variable = "AIPLATFORM_JUDGED_DATA";
    private const int Depth = 10;

    private readonly Dictionary<string, Dictionary<string, double>> _gains = new(StringComparer.Ordinal);

    private JudgedCatalog(string folder, string mapping)
    {
        Source = Path.Combine(folder, "products.jsonl.gz");
        Mapping = mapping;
        Queries = [.. Rows(Path.Combine(folder, "queries_dev.tsv"), "query_id", "query").Select(r => (r[0], r[1]))];
        foreach (var row in Rows(Path.Combine(folder, "labels_dev.tsv"), "query_id", "product_id", "gain"))
        {
            if (!_gains.TryGetValue(row[0], out var gains))
            {
                _gains[row[0]] = gains = new(StringComparer.Ordinal);
            }

            gains[row[1]] = double.Parse(row[2], CultureInfo.InvariantCulture);
        }
    }

    public string Source { get; }

    public string Mapping { get; }

    public IReadOnlyList<(string Id, string Text)> Queries { get; }

    /// <summary>Null when the data is not on this machine.</summary>
    public static JudgedCatalog? Find(string name)
    {
        var roots = Ancestors().ToArray();
        var data = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? [named] : roots.Select(r => Path.Combine(r, "shared", "data"));
        var repository = roots.First(r => File.Exists(Path.Combine(r, "AiPlatform.sln")));
        return data.Select(d => Path.Combine(d, name)).FirstOrDefault(Directory.Exists) is { } folder
            ? new JudgedCatalog(folder, Path.Combine(repository, "samples", "mappings", name + ".yaml"))
            : null;
    }

    /// <summary>Mean NDCG@10 over the queries that have a positive judgment; what nobody judged counts 0.</summary>
    public double Ndcg(IReadOnlyDictionary<string, IReadOnlyList<string>> run) => Queries
        .Where(q => _gains.TryGetValue(q.Id, out var gains) && gains.Values.Any(g => g > 0))
        .Average(q => Dcg(run[q.Id].Select(p => _gains[q.Id].GetValueOrDefault(p))) / Dcg(_gains[q.Id].Values.OrderDescending()));

    private static double Dcg(IEnumerable<double> gains) => gains.Take(Depth).Select((g, i) => g / Math.Log2(i + 2)).Sum();

    private static IEnumerable<string> Ancestors()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            yield return folder.FullName;
        }
    }

    private static IEnumerable<string[]> Rows(string path, params string[] columns)
    {
        var lines = File.ReadAllLines(path);
        var header = lines[0].Split('\t');
        var places = columns.Select(c => Array.IndexOf(header, c)).ToArray();
        Assert(places.All(p => p >= 0), path);
        return lines.Skip(1).Select(line => line.Split('\t')).Select(cells => places.Select(p => cells[p]).ToArray());
    }

    private static void Assert(bool holds, string path) => Xunit.Assert.True(holds, $"{path} lacks a column.");
}
