using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Measuring;
using AiPlatform.Bench.Scale;
using AiPlatform.Bench.Search;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Search.Embeddings;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Bench.Indexing;

/// <summary>The whole pipeline, gates included, over a synthetic catalog as a file: full by words, again, by changes, and full with the catalog's own model; time by stage and the process's peak of memory.</summary>
internal static class PipelineRuns
{
    private const string Catalog = "synthetic";
    private const string Yaml = """
        fields:
          id: id
          name: name
          description: description
          brand: brand
          class: class
          categoryPath: categoryPath
          price: price
          currency: { constant: EUR }
          availability: { path: available, values: { "true": in_stock, "false": out_of_stock } }
          accessLevel: { constant: public }
          allowedGroups: groups
        specifications: { from: specifications }
        """;

    public static async Task RunAsync(OpenEngine open, int products, bool vectors, CancellationToken cancellationToken)
    {
        using var folder = new BenchFolder();
        var source = Path.Combine(folder.Path, "products.jsonl");
        Write(new SyntheticCatalog(products).Prepare(), source);
        var table = new TextTable("run", "products/s", "seconds", "processor seconds", "reading", "model", "indexing", "gates and swap", "peak MiB so far");
        await RowAsync("full, words", "words", null, ReindexMode.Full).ConfigureAwait(false);
        await RowAsync("full, unchanged", "words", null, ReindexMode.Full).ConfigureAwait(false);
        await RowAsync("incremental, unchanged", "words", null, ReindexMode.Incremental).ConfigureAwait(false);
        if (vectors)
        {
            await RowAsync("full, own model", "vectors", new CatalogEmbedderProvider(new CatalogEmbedderOptions(), NullLogger<CatalogEmbedderProvider>.Instance), ReindexMode.Full).ConfigureAwait(false);
        }

        table.Write(Console.Out);

        async Task RowAsync(string name, string place, IEmbedderProvider? embedders, ReindexMode mode)
        {
            var data = Path.Combine(folder.Path, place);
            using var engine = open(Path.Combine(data, "catalogs"), null);
            var stages = new StageTimes();
            var job = new ReindexJob(engine.Store, embedders, TimeProvider.System, NullLogger<ReindexJob>.Instance);
            var request = new ReindexRequest { SourcePath = source, Mapping = MappingReader.Parse(Yaml, "synthetic.yaml"), Catalog = Catalog, DataDirectory = data, Mode = mode };
            var before = Process.GetCurrentProcess().TotalProcessorTime;
            var report = await job.RunAsync(new BenchScopes().System, request, stages, cancellationToken).ConfigureAwait(false);
            stages.End();
            table.Add(name, Text(products / report.Duration.TotalSeconds, "N0"), Text(report.Duration.TotalSeconds), Text((Process.GetCurrentProcess().TotalProcessorTime - before).TotalSeconds), Text(stages[ReindexStage.Reading]), Text(stages[ReindexStage.PreparingModel]), Text(stages[ReindexStage.Indexing]), Text(stages[ReindexStage.Swapping]), Text(Process.GetCurrentProcess().PeakWorkingSet64 / 1048576.0, "N0"));
        }
    }

    private static string Text(double value, string format = "0.00") => value.ToString(format, CultureInfo.InvariantCulture);

    private static void Write(SyntheticCatalog catalog, string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 20);
        foreach (var product in catalog.Products())
        {
            JsonSerializer.Serialize(file, new
            {
                id = product.Id,
                name = product.Name,
                description = product.Description,
                brand = product.Brand,
                @class = product.Class,
                categoryPath = product.CategoryPath,
                price = product.Price,
                available = product.Availability == Availability.InStock,
                groups = product.AllowedGroups.Length == 0 ? ["everyone"] : product.AllowedGroups.Append("everyone"),
                specifications = product.Specifications,
            });
            file.WriteByte((byte)'\n');
        }
    }

    /// <summary>Seconds by stage.</summary>
    private sealed class StageTimes : IProgress<ReindexProgress>
    {
        private readonly double[] _seconds = new double[(int)ReindexStage.Swapping + 1];
        private ReindexStage _stage;
        private long _began = Stopwatch.GetTimestamp();

        public double this[ReindexStage stage] => _seconds[(int)stage];

        public void Report(ReindexProgress value)
        {
            if (value.Stage != _stage)
            {
                End();
                _stage = value.Stage;
            }
        }

        public void End()
        {
            _seconds[(int)_stage] += Stopwatch.GetElapsedTime(_began).TotalSeconds;
            _began = Stopwatch.GetTimestamp();
        }
    }
}
