using System.Globalization;
using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Vectors;
using Xunit;

namespace AiPlatform.Search.Tests.Embeddings.Remote;

/// <summary>Real sentence vectors through a service and its client reach what they reach without: nothing on the way mixes texts up or bends vectors.</summary>
public sealed class NeuralRelevanceTests
{
    private const int Dimensions = 384;

    [SkippableFact]
    public async Task Esci150_MiniLmThroughTheService_ReachesItsKnownFigure()
    {
        Skip.If(RepositoryFiles.JudgedData is null, "no judged data beside the repository");
        var vectors = Path.Combine(RepositoryFiles.JudgedData!, "embeddings");
        var judged = Path.Combine(RepositoryFiles.JudgedData!, "esci150");
        Skip.IfNot(Directory.Exists(vectors), "no sentence vectors beside the judged data");
        await using var fixture = await RemoteFixture.StartAsync();
        var embeddings = fixture.OpenAi(o => (o.Model, o.Dimensions, o.BatchSize) = ("all-MiniLM-L6-v2", Dimensions, 256));
        var products = JudgedCatalogTests.Products(Path.Combine(judged, "products.jsonl.gz")).ToList();
        var queries = JudgedCatalogTests.Rows(Path.Combine(judged, "queries_dev.tsv")).ToList();
        var known = new Dictionary<string, float[]>(StringComparer.Ordinal) { ["red garden chair"] = new float[Dimensions] };
        Learn(known, products.Select(embeddings.Queries.TextOf), Path.Combine(vectors, "esci150"));
        Learn(known, queries.Select(q => q[1]), Path.Combine(vectors, "esci150.queries_dev"));
        fixture.Server.Embed = text => known[text];

        var (embedder, usage) = await embeddings.PrepareAsync(default);
        var indexed = await embedder.EmbedProductsAsync(products, default);
        var score = await ScoreAsync(embeddings.Queries, queries, products, indexed, Path.Combine(judged, "labels_dev.tsv"));

        Assert.Equal(products.Count + 1, usage().Texts);
        Assert.InRange(score, .676, .680);
    }

    private static async Task<double> ScoreAsync(IProductEmbedder embedder, List<string[]> queries, List<Product> products, IReadOnlyList<ReadOnlyMemory<float>> indexed, string labels)
    {
        var gains = JudgedCatalogTests.Rows(labels).GroupBy(r => r[0]).ToDictionary(g => g.Key, g => g.ToDictionary(r => r[1], r => double.Parse(r[3], CultureInfo.InvariantCulture)));
        var scores = new List<double>();
        foreach (var query in queries)
        {
            var vector = await embedder.EmbedQueryAsync(query[1], default);
            var ranked = Enumerable.Range(0, products.Count).OrderByDescending(i => TensorPrimitives.Dot(indexed[i].Span, vector.Span)).Take(10);
            var ideal = JudgedCatalogTests.Dcg(gains[query[0]].Values.OrderDescending().Take(10));
            if (ideal > 0)
            {
                scores.Add(JudgedCatalogTests.Dcg(ranked.Select(i => gains[query[0]].GetValueOrDefault(products[i].Id))) / ideal);
            }
        }

        return scores.Average();
    }

    private static void Learn(Dictionary<string, float[]> known, IEnumerable<string> texts, string file)
    {
        var codes = MemoryMarshal.Cast<byte, sbyte>(File.ReadAllBytes(file + ".i8")).ToArray();
        var scales = MemoryMarshal.Cast<byte, float>(File.ReadAllBytes(file + ".scale.f32")).ToArray();
        foreach (var (text, row) in texts.Select((t, i) => (t, i)))
        {
            known[text] = [.. codes.AsSpan(row * Dimensions, Dimensions).ToArray().Select(c => c * scales[row])];
        }
    }
}
