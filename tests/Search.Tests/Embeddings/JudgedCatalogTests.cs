using System.Collections.Immutable;
using System.Globalization;
using System.IO.Compression;
using System.Numerics.Tensors;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embeddings;
using AiPlatform.Search.Tests.Vectors;
using Xunit;

namespace AiPlatform.Search.Tests.Embeddings;

/// <summary>The catalog generator alone, without a lexical leg, on a judged catalog.</summary>
public sealed class JudgedCatalogTests
{
    [SkippableFact]
    public async Task CatalogEmbedder_Esci150DevQueries_RanksAboveTheFloor()
    {
        Skip.If(RepositoryFiles.JudgedData is null, "no judged data beside the repository");
        var folder = Path.Combine(RepositoryFiles.JudgedData!, "esci150");
        var products = Products(Path.Combine(folder, "products.jsonl.gz")).ToList();
        var embedder = CatalogEmbedderTrainer.Train(products, TextAnalyzers.Get("english"), new CatalogEmbedderOptions(), default);
        var vectors = await embedder.EmbedProductsAsync(products, default);
        var gains = Rows(Path.Combine(folder, "labels_dev.tsv")).GroupBy(r => r[0])
            .ToDictionary(g => g.Key, g => g.ToDictionary(r => r[1], r => double.Parse(r[3], CultureInfo.InvariantCulture)));
        var scores = new List<double>();
        foreach (var query in Rows(Path.Combine(folder, "queries_dev.tsv")))
        {
            var vector = await embedder.EmbedQueryAsync(query[1], default);
            var ranked = vector.IsEmpty ? [] : Enumerable.Range(0, products.Count).Where(i => !vectors[i].IsEmpty)
                .OrderByDescending(i => TensorPrimitives.Dot(vectors[i].Span, vector.Span)).Take(10).Select(i => gains[query[0]].GetValueOrDefault(products[i].Id));
            var ideal = Dcg(gains[query[0]].Values.OrderDescending().Take(10));
            if (ideal > 0)
            {
                scores.Add(Dcg(ranked) / ideal);
            }
        }

        Assert.True(scores.Average() >= .67, $"NDCG@10 is {scores.Average():F4}");
    }

    internal static double Dcg(IEnumerable<double> gains) => gains.Select((g, i) => g / Math.Log2(i + 2)).Sum();

    internal static IEnumerable<string[]> Rows(string path) => File.ReadLines(path).Skip(1).Select(l => l.Split('\t'));

    internal static IEnumerable<Product> Products(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
        {
            using var document = JsonDocument.Parse(line);
            var root = document.RootElement;
            string Text(string name) => root.GetProperty(name).GetString()!;
            var features = root.GetProperty("features").EnumerateObject()
                .ToImmutableSortedDictionary(p => p.Name, p => p.Value.EnumerateArray().Select(v => v.GetString()!).ToImmutableArray(), StringComparer.Ordinal);
            yield return new Product
            {
                Id = Text("productId"),
                Name = Text("name"),
                Class = Text("class"),
                CategoryPath = [.. Text("categoryPath").Split(" / ", StringSplitOptions.RemoveEmptyEntries)],
                Description = Text("description"),
                Brand = features.TryGetValue("brand", out var brands) && !brands.IsEmpty ? brands[0] : "",
                Specifications = features.Remove("brand"),
                AccessLevel = DataAccessLevel.Public,
                AllowedGroups = ["everyone"],
            };
        }
    }
}
