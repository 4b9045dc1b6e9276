using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Measuring;
using AiPlatform.Bench.Relevance;
using AiPlatform.Bench.Search;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.OpenSearch;

/// <summary>
/// <c>opensearch</c>: milliseconds a hybrid query, one at a time: ours from call to answer, the same <c>_msearch</c> sent as bytes and read to its end, the milliseconds the node says
/// that it took, and the embedded engine in the same run.
/// </summary>
internal static class OpenSearchVerb
{
    private const string Catalog = "timed";
    private const int WarmUp = 3;

    public static Command Create(TrainEmbedder train)
    {
        var source = new SourceArguments();
        var vectors = new VectorArguments();
        var rounds = new Option<int>("--rounds") { Description = "Times each query is asked, after three of warm-up.", DefaultValueFactory = _ => 10 };
        var command = new Command("opensearch", "What our code adds to the node's own time, and the embedded engine beside it; the cluster at OPENSEARCH_URL.") { rounds };
        source.AddTo(command, queries: true);
        vectors.AddTo(command);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var mapping = await source.MappingAsync(parse, cancellationToken).ConfigureAwait(false);
            var read = await source.ReadAsync(parse, cancellationToken).ConfigureAwait(false);
            var original = read.Products.Select(p => p.Product).ToArray();
            var queries = QuerySet.Read(source.Queries(parse));
            var embedder = vectors.Embedder(parse, read, queries) ?? await train(original, mapping.Analyzer, cancellationToken).ConfigureAwait(false);
            using var folder = new BenchFolder();
            using var embedded = EmbeddedEngine.Open(folder.Path, embedder);
            using var cluster = new OpenSearchEngine(folder.Path, embedder);
            var scopes = new BenchScopes();
            var request = new CatalogBuildRequest(Catalog, "bench", mapping.Analyzer, embedder.ModelId, embedder.Dimensions);
            var products = original.Select(p => AccessMarks.Of(p.Id).ApplyTo(p)).ToArray();
            await CatalogWriter.WriteAsync(embedded.Store, scopes.System, request, products, embedder, null, cancellationToken).ConfigureAwait(false);
            await CatalogWriter.WriteAsync(cluster.Store, scopes.System, request, products, embedder, null, cancellationToken).ConfigureAwait(false);
            foreach (var (name, scope) in new[] { ("all", scopes.Unfiltered), ("f30", scopes.Thirty), ("f1", scopes.One) })
            {
                await MeasureAsync(name, scope, embedded.Index, cluster, queries, parse.GetValue(rounds), cancellationToken).ConfigureAwait(false);
            }

            return 0;
        });
        return command;
    }

    private static async Task MeasureAsync(
        string name, AccessScope scope, ICatalogIndex embedded, OpenSearchEngine cluster, IReadOnlyList<(string Id, string Text)> queries, int rounds, CancellationToken cancellationToken)
    {
        var recorder = new RecordingHandler();
        using var recorded = cluster.Recorded(recorder);
        using var raw = new HttpMessageInvoker(new SocketsHttpHandler());
        var (first, ours, same, took, inProcess, whole) = (new LatencySamples(), new LatencySamples(), new LatencySamples(), new LatencySamples(), new LatencySamples(), new LatencySamples());
        for (var round = -WarmUp; round < rounds; round++)
        {
            foreach (var (_, text) in queries)
            {
                var query = new ProductQuery { Catalog = Catalog, Text = text, PageSize = 10, IncludeProducts = false, IncludeTotal = false };
                var asked = await TimedAsync(() => recorded.Index.SearchAsync(scope, query, cancellationToken).AsTask()).ConfigureAwait(false);
                var (sent, node) = await SendAsync(raw, recorder, cancellationToken).ConfigureAwait(false);
                var local = await TimedAsync(() => embedded.SearchAsync(scope, query, cancellationToken).AsTask()).ConfigureAwait(false);
                var products = await TimedAsync(() => recorded.Index.SearchAsync(scope, query with { IncludeProducts = true }, cancellationToken).AsTask()).ConfigureAwait(false);
                if (round == -WarmUp)
                {
                    first.Add(asked);
                }
                else if (round >= 0)
                {
                    ours.Add(asked);
                    same.Add(sent);
                    took.Add(node);
                    inProcess.Add(local);
                    whole.Add(products);
                }
            }
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: p50 ours {ours.MedianMilliseconds:0.00} ms, same _msearch as bytes {same.MedianMilliseconds:0.00}, node's own {took.MedianMilliseconds:0}; p99 {ours.P99Milliseconds:0.00} / {same.P99Milliseconds:0.00} / {took.P99Milliseconds:0}; added over bytes {ours.MedianMilliseconds - same.MedianMilliseconds:0.00}; with products {whole.MedianMilliseconds:0.00}; first ask {first.MedianMilliseconds:0.00}; embedded p50 {inProcess.MedianMilliseconds:0.000} p99 {inProcess.P99Milliseconds:0.000}, {ours.MedianMilliseconds / inProcess.MedianMilliseconds:0} x faster"));
    }

    private static async Task<long> TimedAsync<T>(Func<Task<T>> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work().ConfigureAwait(false);
        return Stopwatch.GetTimestamp() - start;
    }

    private static async Task<(long Sent, long Node)> SendAsync(HttpMessageInvoker http, RecordingHandler recorder, CancellationToken cancellationToken)
    {
        var start = Stopwatch.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, OpenSearchEngine.Url.TrimEnd('/') + recorder.Path) { Content = new ByteArrayContent(recorder.Body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        using var response = await http.SendAsync(request, cancellationToken).ConfigureAwait(false);
        var bytes = await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false);
        var sent = Stopwatch.GetTimestamp() - start;
        using var answer = JsonDocument.Parse(bytes);
        return (sent, answer.RootElement.GetProperty("took").GetInt32() * Stopwatch.Frequency / 1000);
    }
}
