using System.CommandLine;
using System.Globalization;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Search;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Relevance;

/// <summary><c>relevance</c>: indexes a catalog, asks its queries and writes the run; with labels also what the run is worth.</summary>
internal static class RelevanceVerb
{
    public const string Catalog = "judged";

    public static Command Create(OpenEngine open, TrainEmbedder train)
    {
        var source = new SourceArguments();
        var vectors = new VectorArguments();
        var labels = new Option<string?>("--labels") { Description = "TSV with query_id, product_id and gain: prints NDCG@10, judged-only NDCG@10 and Recall@100." };
        var run = new Option<string?>("--run") { Description = "Writes query_id<TAB>product_id in rank order." };
        var mode = new Option<SearchMode>("--mode") { Description = "Legs to run.", DefaultValueFactory = _ => SearchMode.Hybrid };
        var depth = new Option<int>("--depth") { Description = "Results a query.", DefaultValueFactory = _ => 200 };
        var command = new Command("relevance", "Asks the queries of a judged catalog and writes the run.") { labels, run, mode, depth };
        source.AddTo(command, queries: true);
        vectors.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var mapping = await source.MappingAsync(parse, cancellationToken).ConfigureAwait(false);
            var read = await source.ReadAsync(parse, cancellationToken).ConfigureAwait(false);
            var products = read.Products.Select(p => p.Product).ToArray();
            var queries = QuerySet.Read(source.Queries(parse));
            var embedder = vectors.Embedder(parse, read, queries) ?? await train(products, mapping.Analyzer, cancellationToken).ConfigureAwait(false);
            using var folder = new BenchFolder();
            using var engine = open(folder.Path, embedder);
            var scopes = new BenchScopes();
            var request = new CatalogBuildRequest(Catalog, "bench", mapping.Analyzer, embedder.ModelId, embedder.Dimensions);
            var marked = products.Select(p => AccessMarks.Of(p.Id).ApplyTo(p));
            await CatalogWriter.WriteAsync(engine.Store, scopes.System, request, marked, embedder, null, cancellationToken).ConfigureAwait(false);
            var found = await RunCollector.CollectAsync(engine.Index, scopes.Unfiltered, Catalog, queries, parse.GetValue(mode), parse.GetValue(depth), cancellationToken).ConfigureAwait(false);
            if (parse.GetValue(run) is { } path)
            {
                RunCollector.Write(path, queries, found);
            }

            if (parse.GetValue(labels) is { } judged)
            {
                var score = RelevanceScore.Of(found, queries.Select(q => q.Id), Judgments.Read(judged));
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{embedder.ModelId}, {parse.GetValue(mode)}: NDCG@10 {score.Ndcg:0.0000} over {score.Queries} queries, judged-only {score.JudgedOnlyNdcg:0.0000}, Recall@100 {score.Recall:0.0000}"));
            }

            return 0;
        });
        return command;
    }
}
