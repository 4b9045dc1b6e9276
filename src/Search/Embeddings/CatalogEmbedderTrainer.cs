using System.Runtime.InteropServices;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;

namespace AiPlatform.Search.Embeddings;

/// <summary>
/// Learns a <see cref="CatalogEmbedder"/> from a catalog: words weighted by field and rarity, a truncated SVD over them, and clusters. Learns only from products that are
/// visible to everyone, so that no answer can tell anything about the others: with or without them the model is the same, byte for byte.
/// </summary>
public static class CatalogEmbedderTrainer
{
    private const int Seed = 20_240_901;
    private const int SmallestCatalogForRareTerms = 200;
    private const int ProductsPerDimension = 4;
    private const int LeastDimensions = 8;
    private const int LeastClusters = 8;
    private const int MostClusters = 1_024;

    /// <summary>
    /// Trains a model. Seconds for 20,000 products on one core, on all cores; deterministic on one machine, whatever the order of the products. A catalog without public products gives a
    /// model that knows no word.
    /// </summary>
    /// <param name="products">The catalog, read once; hidden products are skipped here.</param>
    /// <param name="analyzer">Cuts the texts; the model must be loaded with the same.</param>
    /// <param name="options">Bounds and weights.</param>
    /// <param name="cancellationToken">Stops between steps.</param>
    /// <param name="progress">From 0 to 1.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public static CatalogEmbedder Train(
        IEnumerable<Product> products, ITextAnalyzer analyzer, CatalogEmbedderOptions options, CancellationToken cancellationToken, IProgress<double>? progress = null)
    {
        ArgumentNullException.ThrowIfNull(products);
        ArgumentNullException.ThrowIfNull(analyzer);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        var sample = TrainingSample.Draw(products, options.MaxTrainingProducts, cancellationToken);
        progress?.Report(.05);
        var vocabulary = TrainingVocabulary.Read(sample, analyzer, options, cancellationToken);
        progress?.Report(.15);
        var rank = Math.Min(options.Dimensions, Math.Max(LeastDimensions, sample.Products.Count / ProductsPerDimension));
        var model = Learn(sample, vocabulary, analyzer, options, rank, Part(progress, .15, .85), cancellationToken);
        var embedder = new CatalogEmbedder(model, analyzer);
        progress?.Report(.85);
        embedder = new CatalogEmbedder(model with { Centroids = Clusters(embedder, sample, cancellationToken) }, analyzer);
        progress?.Report(1);
        return embedder;
    }

    private static CatalogModel Learn(
        TrainingSample sample, TrainingVocabulary vocabulary, ITextAnalyzer analyzer, CatalogEmbedderOptions options, int rank, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var vectors = vocabulary.Terms.Length == 0
            ? new DenseMatrix(0, LeastDimensions)
            : TruncatedSvd.RightVectors(vocabulary.Matrix, rank, options.PowerIterations, Seed, progress, cancellationToken);
        var (scales, codes) = (new float[vectors.Rows], new sbyte[vectors.Rows * vectors.Columns]);
        for (var i = 0; i < vectors.Rows; i++)
        {
            var row = vectors.Row(i);
            var largest = 0f;
            foreach (var value in row)
            {
                largest = MathF.Max(largest, MathF.Abs(value));
            }

            for (var j = 0; j < row.Length && largest > 0; j++)
            {
                codes[(i * row.Length) + j] = (sbyte)Math.Clamp((int)MathF.Round(row[j] * 127f / largest), -127, 127);
            }

            scales[i] = largest / 127f * vocabulary.Rarity[i];
        }

        return new CatalogModel
        {
            Analyzer = analyzer.Name,
            Weights = options.Weights,
            Dimensions = vectors.Columns,
            Terms = vocabulary.Terms,
            TermScales = scales,
            TermCodes = codes,
            Centroids = new DenseMatrix(0, vectors.Columns),
            PublicProducts = sample.PublicProducts,
            TrainingProducts = [.. sample.Products.Select(p => p.Hash)],
            TrainingTexts = [.. sample.Products.Select(p => CatalogEmbedder.HashText(ProductTerms.TextOf(p.Product)))],
        };
    }

    private static DenseMatrix Clusters(CatalogEmbedder embedder, TrainingSample sample, CancellationToken cancellationToken)
    {
        var reader = new ProductEmbedding(embedder);
        var vectors = new DenseMatrix(sample.Products.Count, embedder.Dimensions);
        for (var i = 0; i < vectors.Rows; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            reader.TryEmbed(sample.Products[i].Product, vectors.Row(i));
        }

        var clusters = Math.Clamp((int)(2 * Math.Sqrt(vectors.Rows)), LeastClusters, MostClusters);
        return SphericalKMeans.Train(vectors, clusters, cancellationToken);
    }

    private static PartialProgress? Part(IProgress<double>? progress, double from, double to) =>
        progress is null ? null : new PartialProgress(progress, from, to);

    private sealed class PartialProgress(IProgress<double> whole, double from, double to) : IProgress<double>
    {
        public void Report(double value) => whole.Report(from + ((to - from) * value));
    }

    /// <summary>The words of a sample and the matrix of their weights, one row a product.</summary>
    private sealed record TrainingVocabulary(string[] Terms, float[] Rarity, SparseMatrix Matrix)
    {
        public static TrainingVocabulary Read(TrainingSample sample, ITextAnalyzer analyzer, CatalogEmbedderOptions options, CancellationToken cancellationToken)
        {
            var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
            var frequencies = new List<int>();
            var reader = new ProductTerms(analyzer, options.Weights);
            var row = new Dictionary<int, float>();
            var rows = new List<(int Term, float Weight)[]>(sample.Products.Count);
            void Add(string term, float weight)
            {
                ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(numbers, term, out var known);
                if (!known)
                {
                    number = frequencies.Count;
                    frequencies.Add(0);
                }

                CollectionsMarshal.GetValueRefOrAddDefault(row, number, out _) += weight;
            }

            foreach (var (_, product) in sample.Products)
            {
                cancellationToken.ThrowIfCancellationRequested();
                row.Clear();
                reader.Read(product, Add);
                foreach (var term in row.Keys)
                {
                    frequencies[term]++;
                }

                rows.Add([.. row.Select(r => (r.Key, r.Value))]);
            }

            return Build(rows, numbers, frequencies, options.MaxTerms, cancellationToken);
        }

        private static TrainingVocabulary Build(List<(int Term, float Weight)[]> rows, Dictionary<string, int> numbers, List<int> frequencies, int most, CancellationToken cancellationToken)
        {
            var least = rows.Count >= SmallestCatalogForRareTerms ? 2 : 1;
            var kept = numbers
                .Where(n => frequencies[n.Value] >= least && frequencies[n.Value] < rows.Count)
                .OrderByDescending(n => frequencies[n.Value]).ThenBy(n => n.Key, StringComparer.Ordinal)
                .Take(most)
                .OrderBy(n => n.Key, StringComparer.Ordinal)
                .ToArray();
            var rarity = kept.Select(n => MathF.Log((1f + rows.Count) / (1f + frequencies[n.Value]))).ToArray();
            var place = new int[frequencies.Count];
            Array.Fill(place, -1);
            for (var i = 0; i < kept.Length; i++)
            {
                place[kept[i].Value] = i;
            }

            var (starts, indices, values) = (new int[rows.Count + 1], new List<int>(), new List<float>());
            for (var r = 0; r < rows.Count; r++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var entries = rows[r].Where(e => place[e.Term] >= 0)
                    .Select(e => (Term: place[e.Term], Value: MathF.Log(1 + e.Weight) * rarity[place[e.Term]]))
                    .OrderBy(e => e.Term).ToArray();
                var norm = MathF.Sqrt(entries.Sum(e => e.Value * e.Value));
                indices.AddRange(entries.Select(e => e.Term));
                values.AddRange(entries.Select(e => norm > 0 ? e.Value / norm : 0));
                starts[r + 1] = indices.Count;
            }

            return new TrainingVocabulary([.. kept.Select(k => k.Key)], rarity, new SparseMatrix(rows.Count, kept.Length, starts, [.. indices], [.. values]));
        }
    }
}
