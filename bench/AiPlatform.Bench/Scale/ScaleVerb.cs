using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using AiPlatform.Bench.Engine;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Scale;

/// <summary><c>scale</c>: a synthetic catalog of any size: build, open, latency and vector recall by filter selectivity.</summary>
internal static class ScaleVerb
{
    public const string Catalog = "scale";
    private const string Model = "synthetic-256";

    public static Command Create(OpenEngine open)
    {
        var products = new Option<int>("--products") { Description = "Products in the catalog.", DefaultValueFactory = _ => 1_000_000 };
        var queries = new Option<int>("--queries") { Description = "Queries a row.", DefaultValueFactory = _ => 100 };
        var rounds = new Option<int>("--rounds") { Description = "Times each query is asked, after one round of warm-up.", DefaultValueFactory = _ => 5 };
        var folder = new Option<string?>("--folder") { Description = "Keeps the index there, and uses it again when it has as many products. A temporary folder without it." };
        var command = new Command("scale", "Latency and recall of a large synthetic catalog by filter selectivity.") { products, queries, rounds, folder };
        command.SetAction(async (parse, cancellationToken) =>
        {
            using var temporary = parse.GetValue(folder) is null ? new BenchFolder() : null;
            await RunAsync(open, parse.GetValue(folder) ?? temporary!.Path, parse.GetValue(products), parse.GetValue(queries), parse.GetValue(rounds), cancellationToken).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static async Task RunAsync(OpenEngine open, string folder, int count, int queryCount, int rounds, CancellationToken cancellationToken)
    {
        var catalog = new SyntheticCatalog(count).Prepare();
        var scopes = new ScaleScopes();
        var picked = Enumerable.Range(0, queryCount).Select(i => (int)((long)i * 7919 * 104_729 % count)).Select(catalog.QueryAbout).DistinctBy(q => q.Text).ToArray();
        var embedder = new LookupEmbedder(Model, SyntheticCatalog.Dimensions, id => Vector(catalog, id), picked.ToDictionary(q => q.Text, q => q.Vector, StringComparer.Ordinal));

        await BuildAsync(open, folder, catalog, scopes, embedder, cancellationToken).ConfigureAwait(false);
        GC.Collect();
        var start = Stopwatch.GetTimestamp();
        using var engine = open(folder, embedder);
        var first = await engine.Index.GetAsync(scopes.System, Catalog, [SyntheticCatalog.IdOf(count / 2)], cancellationToken).ConfigureAwait(false);
        Report($"open to first answer ({first.Count} product by id): {Stopwatch.GetElapsedTime(start).TotalMilliseconds:0.0} ms; {Memory()}");

        start = Stopwatch.GetTimestamp();
        var exact = ExactNeighbours.Find(catalog, [.. picked.Select(q => q.Vector)]);
        Report($"exact neighbours in float32: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, not part of any figure below");
        await new ScaleMeasurement(engine.Index, scopes, [.. picked.Select(q => q.Text)], exact).RunAsync(rounds, Console.Out, cancellationToken).ConfigureAwait(false);
        Report($"after the measurement: {Memory()}");
    }

    private static async Task BuildAsync(OpenEngine open, string folder, SyntheticCatalog catalog, ScaleScopes scopes, LookupEmbedder embedder, CancellationToken cancellationToken)
    {
        using var engine = open(folder, embedder);
        var generations = await engine.Store.ListGenerationsAsync(scopes.System, Catalog, cancellationToken).ConfigureAwait(false);
        if (generations is [var live, ..] && live.Products == catalog.Count)
        {
            Report($"index found: {live.Products:N0} products, {live.Bytes / (double)live.Products:0} bytes a product");
            return;
        }

        var start = Stopwatch.GetTimestamp();
        var info = await CatalogWriter.WriteAsync(
            engine.Store, scopes.System, new CatalogBuildRequest(Catalog, "synthetic", "english", Model, SyntheticCatalog.Dimensions), catalog.Products(), embedder, Progress, cancellationToken).ConfigureAwait(false);
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Report($"built: {info.Products:N0} products in {seconds:0.0} s, {info.Products / seconds:N0} products/s with making them up, {info.Bytes / (double)info.Products:0} bytes a product");

        void Progress(int written)
        {
            if (written % 102_400 == 0)
            {
                Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {written:N0} products, {written / Stopwatch.GetElapsedTime(start).TotalSeconds:N0}/s"));
            }
        }
    }

    private static float[] Vector(SyntheticCatalog catalog, string id)
    {
        var vector = new float[SyntheticCatalog.Dimensions];
        catalog.VectorAt(int.Parse(id, CultureInfo.InvariantCulture), vector);
        return vector;
    }

    private static string Memory()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(CultureInfo.InvariantCulture, $"{process.WorkingSet64 / 1048576.0:N0} MB working set (mapped files included), {GC.GetTotalMemory(forceFullCollection: true) / 1048576.0:N0} MB managed");
    }

    private static void Report(FormattableString line) => Console.WriteLine(line.ToString(CultureInfo.InvariantCulture));
}
