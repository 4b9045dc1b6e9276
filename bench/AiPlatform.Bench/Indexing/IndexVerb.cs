using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Measuring;
using AiPlatform.Bench.Search;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;

namespace AiPlatform.Bench.Indexing;

/// <summary><c>index</c>: products a second by stage, each alone on one thread, and bytes a product; or, with <c>--synthetic</c>, of whole runs of the pipeline and their memory.</summary>
internal static class IndexVerb
{
    private const string Catalog = "indexed";

    public static Command Create(OpenEngine open, TrainEmbedder train)
    {
        var source = new SourceArguments();
        var command = new Command("index", "Products a second by stage, and bytes a product.");
        var synthetic = new Option<int>("--synthetic") { Description = "Measures whole runs of the pipeline over so many made-up products instead." };
        var wordsOnly = new Option<bool>("--words-only") { Description = "With --synthetic: leaves out the run with vectors." };
        command.Options.Add(synthetic);
        command.Options.Add(wordsOnly);
        source.AddTo(command, queries: false, products: false);
        command.SetAction(async (parse, cancellationToken) =>
        {
            if (parse.GetValue(synthetic) is > 0 and var count)
            {
                await PipelineRuns.RunAsync(open, count, !parse.GetValue(wordsOnly), cancellationToken).ConfigureAwait(false);
                return 0;
            }

            if (!source.NamesProducts(parse.CommandResult))
            {
                await Console.Error.WriteLineAsync("Give --source and --mapping, or --synthetic.").ConfigureAwait(false);
                return 2;
            }

            var mapping = await source.MappingAsync(parse, cancellationToken).ConfigureAwait(false);
            var table = new TextTable("stage", "seconds", "products/s");
            var (read, parsing) = await TimeAsync(() => source.ReadAsync(parse, cancellationToken)).ConfigureAwait(false);
            var products = read.Products.Select(p => p.Product).ToArray();
            Row("read, map, validate", parsing);

            var (_, analysing) = await TimeAsync(() => Task.FromResult(Analyse(products, TextAnalyzers.Get(mapping.Analyzer)))).ConfigureAwait(false);
            Row("analyse (part of writing)", analysing);

            var (embedder, training) = await TimeAsync(() => train(products, mapping.Analyzer, cancellationToken)).ConfigureAwait(false);
            Row("train the default generator", training);
            var (vectors, embedding) = await TimeAsync(() => EmbedAsync(embedder, products, cancellationToken)).ConfigureAwait(false);
            Row("embed", embedding);

            using var folder = new BenchFolder();
            using var engine = open(folder.Path, embedder);
            var ready = new LookupEmbedder(embedder.ModelId, embedder.Dimensions, vectors.GetValueOrDefault, new Dictionary<string, float[]>());
            var request = new CatalogBuildRequest(Catalog, "bench", mapping.Analyzer, embedder.ModelId, embedder.Dimensions);
            var (info, writing) = await TimeAsync(() => CatalogWriter.WriteAsync(engine.Store, new BenchScopes().System, request, products, ready, null, cancellationToken)).ConfigureAwait(false);
            Row("write, sync, swap", writing);
            Row("all of it", parsing + training + embedding + writing);
            table.Write(Console.Out);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{info.Products:N0} products, {info.Bytes:N0} bytes on disk, {info.Bytes / (double)info.Products:0} a product, {embedder.Dimensions} dimensions"));
            return 0;

            void Row(string stage, TimeSpan time) => table.Add(
                stage, time.TotalSeconds.ToString("0.00", CultureInfo.InvariantCulture), (products.Length / time.TotalSeconds).ToString("N0", CultureInfo.InvariantCulture));
        });
        return command;
    }

    private static int Analyse(Product[] products, ITextAnalyzer analyzer)
    {
        var tokens = new List<TextToken>();
        var all = 0;
        foreach (var product in products)
        {
            tokens.Clear();
            analyzer.Analyze(product.Name, tokens);
            analyzer.Analyze(product.Class, tokens);
            analyzer.Analyze(product.Brand, tokens);
            analyzer.Analyze(product.Description, tokens);
            foreach (var level in product.CategoryPath)
            {
                analyzer.Analyze(level, tokens);
            }

            foreach (var value in product.Specifications.Values.SelectMany(v => v))
            {
                analyzer.Analyze(value, tokens);
            }

            all += tokens.Count;
        }

        return all;
    }

    private static async Task<Dictionary<string, float[]>> EmbedAsync(IProductEmbedder embedder, Product[] products, CancellationToken cancellationToken)
    {
        var vectors = new Dictionary<string, float[]>(products.Length, StringComparer.Ordinal);
        foreach (var batch in products.Chunk(256))
        {
            var made = await embedder.EmbedProductsAsync(batch, cancellationToken).ConfigureAwait(false);
            for (var i = 0; i < batch.Length; i++)
            {
                vectors[batch[i].Id] = made[i].ToArray();
            }
        }

        return vectors;
    }

    private static async Task<(T Result, TimeSpan Time)> TimeAsync<T>(Func<Task<T>> work)
    {
        var start = Stopwatch.GetTimestamp();
        var result = await work().ConfigureAwait(false);
        return (result, Stopwatch.GetElapsedTime(start));
    }
}
