using System.CommandLine;
using System.Globalization;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Relevance;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Search;

/// <summary><c>search</c>: milliseconds a query beside SQLite FTS5, in one run, under three scopes, with and without count and facet.</summary>
internal static class SearchVerb
{
    private const string Catalog = "timed";

    public static Command Create(OpenEngine open, TrainEmbedder train)
    {
        var source = new SourceArguments();
        var vectors = new VectorArguments();
        var rounds = new Option<int>("--rounds") { Description = "Times each query is asked, after three of warm-up.", DefaultValueFactory = _ => 20 };
        var command = new Command("search", "Median and p99 a query, one thread, beside SQLite FTS5.") { rounds };
        source.AddTo(command, queries: true);
        vectors.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var mapping = await source.MappingAsync(parse, cancellationToken).ConfigureAwait(false);
            var read = await source.ReadAsync(parse, cancellationToken).ConfigureAwait(false);
            var original = read.Products.Select(p => p.Product).ToArray();
            var products = original.Select(p => AccessMarks.Of(p.Id).ApplyTo(p)).ToArray();
            var queries = QuerySet.Read(source.Queries(parse));

            // Trained on the catalog as it is: under the marks hardly a product is visible to everyone.
            var embedder = vectors.Embedder(parse, read, queries) ?? await train(original, mapping.Analyzer, cancellationToken).ConfigureAwait(false);
            using var folder = new BenchFolder();
            using var engine = open(folder.Path, embedder);
            var scopes = new BenchScopes();
            var request = new CatalogBuildRequest(Catalog, "bench", mapping.Analyzer, embedder.ModelId, embedder.Dimensions);
            await CatalogWriter.WriteAsync(engine.Store, scopes.System, request, products, embedder, null, cancellationToken).ConfigureAwait(false);
            using var peer = new Fts5Peer(products);
            var thirty = await ShareAsync(engine.Index, scopes.Thirty, products.Length, cancellationToken).ConfigureAwait(false);
            var one = await ShareAsync(engine.Index, scopes.One, products.Length, cancellationToken).ConfigureAwait(false);
            var name = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(source.Source(parse))));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: {products.Length:N0} products, {queries.Count} queries, {embedder.ModelId} of {embedder.Dimensions} dimensions; f30 sees {thirty:0.00%}, f1 sees {one:0.00%}"));
            await new SideBySide(engine.Index, Catalog, [.. queries.Select(q => q.Text)])
                .RunAsync(SearchVariant.All(scopes, peer), parse.GetValue(rounds), Console.Out, cancellationToken).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static async Task<double> ShareAsync(ICatalogIndex index, AccessScope scope, int all, CancellationToken cancellationToken) =>
        (await index.ListCatalogsAsync(scope, cancellationToken).ConfigureAwait(false)).Sum(c => c.VisibleProducts) / (double)all;
}
