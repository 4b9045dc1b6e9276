using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded;
using AiPlatform.Search.Embeddings;
using AiPlatform.Search.Tests.Embedded.Support;
using AiPlatform.Search.Tests.Vectors;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>
/// NDCG@10 of the engine with the default generator on the development queries of two judged catalogs: a floor, so that no change loses it
/// unseen. The floors are .745 and .80.
/// </summary>
public sealed class JudgedRelevanceTests
{
    [SkippableTheory]
    [InlineData("esci150", .745)]
    [InlineData("icecat135", .80)]
    public async Task Search_DevQueries_RanksAboveTheFloor(string catalog, double floor)
    {
        Skip.If(RepositoryFiles.JudgedData is null, "no judged data beside the repository");
        var folder = Path.Combine(RepositoryFiles.JudgedData!, catalog);
        var products = Products(Path.Combine(folder, "products.jsonl.gz")).ToList();
        var embedder = CatalogEmbedderTrainer.Train(products, TextAnalyzers.Get("english"), new CatalogEmbedderOptions(), default);
        var vectors = await embedder.EmbedProductsAsync(products, default);
        using var engine = new TestEngine(embedders: new QueryEmbedders([embedder]));
        var next = 0;
        await engine.BuildAsync(products, TestEngine.Request(model: embedder.ModelId, dimensions: embedder.Dimensions), _ => vectors[next++].ToArray());

        var score = await ScoreAsync(engine, folder);

        Assert.True(score >= floor, $"NDCG@10 is {score:F4}");
    }

    private static async Task<double> ScoreAsync(TestEngine engine, string folder)
    {
        var gains = Rows(Path.Combine(folder, "labels_dev.tsv"), "query_id", "product_id", "gain").GroupBy(r => r[0])
            .ToDictionary(g => g.Key, g => g.ToDictionary(r => r[1], r => double.Parse(r[2], CultureInfo.InvariantCulture)));
        var scores = new List<double>();
        foreach (var query in Rows(Path.Combine(folder, "queries_dev.tsv"), "query_id", "query"))
        {
            var judged = gains.GetValueOrDefault(query[0]) ?? [];
            var ideal = Dcg(judged.Values.OrderDescending());
            if (ideal > 0)
            {
                var page = await engine.SearchAsync(Given.System, new ProductQuery { Catalog = Given.Catalog, Text = query[1], IncludeProducts = false, IncludeTotal = false });
                Assert.Null(page.Degraded);
                scores.Add(Dcg(page.Hits.Select(h => judged.GetValueOrDefault(h.Id))) / ideal);
            }
        }

        return scores.Average();
    }

    private static double Dcg(IEnumerable<double> gains) => gains.Take(10).Select((g, i) => g / Math.Log2(i + 2)).Sum();

    private static IEnumerable<string[]> Rows(string path, params string[] columns)
    {
        var lines = File.ReadLines(path).Select(l => l.Split('\t'));
        var header = lines.First();
        return lines.Skip(1).Select(row => columns.Select(c => row[Array.IndexOf(header, c)]).ToArray());
    }

    /// <summary>The mapping of samples/mappings, by hand: this project does not reference the indexer.</summary>
    private static IEnumerable<Product> Products(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            string Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
            var features = Product.EmptySpecifications.ToBuilder();
            foreach (var feature in root.GetProperty("features").EnumerateObject())
            {
                features[feature.Name] = [.. feature.Value.EnumerateArray().Select(v => v.GetString()!)];
            }

            var brand = features.TryGetValue("brand", out var brands) && !brands.IsEmpty ? brands[0] : Text("brand");
            features.Remove("brand");
            features.Remove("price");
            yield return Given.Product(Text("productId"), Text("name")) with
            {
                Class = Text("class"),
                CategoryPath = [.. Text("categoryPath").Split(" / ", StringSplitOptions.RemoveEmptyEntries)],
                Description = Text("description"),
                Brand = brand,
                Specifications = features.ToImmutable(),
            };
        }
    }
}
