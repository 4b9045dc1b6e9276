using System.CommandLine;
using System.Globalization;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Mcp;
using AiPlatform.Bench.Search;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Relevance;

/// <summary>
/// <c>relevance</c>: asks the queries of a judged catalog and writes the run; with labels also what the run is worth. In process it builds
/// the index itself; with <c>--mcp</c> or <c>--url</c> it asks a server's search_products over HTTP.
/// </summary>
internal sealed class RelevanceVerb
{
    public const string Catalog = "judged";

    private readonly SourceArguments _source = new();
    private readonly VectorArguments _vectors = new();
    private readonly Option<string?> _labels = new("--labels") { Description = "TSV with query_id, product_id and gain: prints NDCG@10, judged-only NDCG@10 and Recall@100." };
    private readonly Option<string?> _run = new("--run") { Description = "Writes query_id<TAB>product_id in rank order." };
    private readonly Option<SearchMode> _mode = new("--mode") { Description = "Legs to run.", DefaultValueFactory = _ => SearchMode.Hybrid };
    private readonly Option<int> _depth = new("--depth") { Description = "Results a query.", DefaultValueFactory = _ => 200 };
    private readonly Option<bool> _mcp = new("--mcp") { Description = "Indexes with the built indexer, starts the built server, and asks its search_products over HTTP." };
    private readonly Option<string?> _url = new("--url") { Description = "A running server's MCP address, such as http://127.0.0.1:5080/mcp, to ask instead." };
    private readonly Option<string?> _key = new("--key") { Description = "API key for --url." };
    private readonly Option<string?> _catalog = new("--catalog") { Description = "Catalog to search at --url; the server's only one without it." };
    private readonly EngineArgument _engine = new();
    private readonly TrainEmbedder _train;

    private RelevanceVerb(TrainEmbedder train)
    {
        _train = train;
    }

    public static Command Create(TrainEmbedder train) => new RelevanceVerb(train).Create();

    private Command Create()
    {
        var command = new Command("relevance", "Asks the queries of a judged catalog and writes the run.") { _labels, _run, _mode, _depth, _mcp, _url, _key, _catalog };
        _source.AddTo(command, queries: true, products: false);
        _vectors.AddTo(command);
        _engine.AddTo(command);
        command.Validators.Add(result =>
        {
            var served = result.GetValue(_mcp) || result.GetValue(_url) is not null;
            if (result.GetValue(_url) is null && !_source.NamesProducts(result))
            {
                result.AddError("Name the products with --source and --mapping, or a server that has them with --url.");
            }
            else if (served && _vectors.Given(result))
            {
                result.AddError("--vectors and --query-vectors are for the index in this process; a server makes its own.");
            }
            else if (result.GetValue(_url) is null && (result.GetValue(_key) is not null || result.GetValue(_catalog) is not null))
            {
                result.AddError("--key and --catalog belong to --url.");
            }
        });
        command.SetAction(RunAsync);
        return command;
    }

    private async Task<int> RunAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var queries = QuerySet.Read(_source.Queries(parse));
        var (label, found) = parse.GetValue(_url) is { } url
            ? (url, await AskAsync(parse, queries, new Uri(url), parse.GetValue(_key), parse.GetValue(_catalog), cancellationToken).ConfigureAwait(false))
            : parse.GetValue(_mcp) ? ("search_products", await ServeAsync(parse, queries, cancellationToken).ConfigureAwait(false))
            : await InProcessAsync(parse, queries, cancellationToken).ConfigureAwait(false);
        if (parse.GetValue(_run) is { } path)
        {
            RunCollector.Write(path, queries, found);
        }

        if (parse.GetValue(_labels) is { } judged)
        {
            var score = RelevanceScore.Of(found, queries.Select(q => q.Id), Judgments.Read(judged));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{label}, {parse.GetValue(_mode)}: NDCG@10 {score.Ndcg:0.0000} over {score.Queries} queries, judged-only {score.JudgedOnlyNdcg:0.0000}, Recall@100 {score.Recall:0.0000}"));
        }

        return 0;
    }

    private async Task<Dictionary<string, IReadOnlyList<string>>> ServeAsync(ParseResult parse, IReadOnlyList<(string Id, string Text)> queries, CancellationToken cancellationToken)
    {
        await using var server = await ServerProcess.StartAsync(new ServedCatalog(Catalog, _source.Source(parse), _source.Mapping(parse)), cancellationToken).ConfigureAwait(false);
        return await AskAsync(parse, queries, new Uri(server.Url), server.Key, Catalog, cancellationToken).ConfigureAwait(false);
    }

    private Task<Dictionary<string, IReadOnlyList<string>>> AskAsync(
        ParseResult parse, IReadOnlyList<(string Id, string Text)> queries, Uri url, string? key, string? catalog, CancellationToken cancellationToken) =>
        McpRunCollector.CollectAsync(url, key, catalog, queries, parse.GetValue(_mode), parse.GetValue(_depth), cancellationToken);

    private async Task<(string Label, Dictionary<string, IReadOnlyList<string>> Found)> InProcessAsync(
        ParseResult parse, IReadOnlyList<(string Id, string Text)> queries, CancellationToken cancellationToken)
    {
        var mapping = await _source.MappingAsync(parse, cancellationToken).ConfigureAwait(false);
        var read = await _source.ReadAsync(parse, cancellationToken).ConfigureAwait(false);
        var products = read.Products.Select(p => p.Product).ToArray();
        var embedder = _vectors.Embedder(parse, read, queries) ?? await _train(products, mapping.Analyzer, cancellationToken).ConfigureAwait(false);
        using var folder = new BenchFolder();
        using var engine = _engine.Open(parse)(folder.Path, embedder);
        var scopes = new BenchScopes();
        var request = new CatalogBuildRequest(Catalog, "bench", mapping.Analyzer, embedder.ModelId, embedder.Dimensions);
        var marked = products.Select(p => AccessMarks.Of(p.Id).ApplyTo(p));
        await CatalogWriter.WriteAsync(engine.Store, scopes.System, request, marked, embedder, null, cancellationToken).ConfigureAwait(false);
        var found = await RunCollector.CollectAsync(engine.Index, scopes.Unfiltered, Catalog, queries, parse.GetValue(_mode), parse.GetValue(_depth), cancellationToken).ConfigureAwait(false);
        return (embedder.ModelId, found);
    }
}
