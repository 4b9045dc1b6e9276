using System.CommandLine;
using System.Globalization;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Search;

namespace AiPlatform.Bench.Relevance;

/// <summary><c>peer</c>: the relevance of the FTS5 peer itself, so that one can see that it is asked well.</summary>
internal static class PeerVerb
{
    public static Command Create()
    {
        var source = new SourceArguments();
        var labels = new Option<string>("--labels") { Description = "TSV with query_id, product_id and gain.", Required = true };
        var run = new Option<string?>("--run") { Description = "Writes query_id<TAB>product_id in rank order; ten products a query." };
        var command = new Command("peer", "Relevance of the FTS5 peer that search is timed against.") { labels, run };
        source.AddTo(command, queries: true);
        command.SetAction(async (parse, cancellationToken) =>
        {
            var products = (await source.ReadAsync(parse, cancellationToken).ConfigureAwait(false)).Products.Select(p => p.Product);
            var queries = QuerySet.Read(source.Queries(parse));
            using var peer = new Fts5Peer(products);
            var found = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
            foreach (var (id, text) in queries)
            {
                var ids = new List<string>(10);
                peer.Search(text, ids);
                found[id] = ids;
            }

            if (parse.GetValue(run) is { } path)
            {
                RunCollector.Write(path, queries, found);
            }

            var score = RelevanceScore.Of(found, queries.Select(q => q.Id), Judgments.Read(parse.GetRequiredValue(labels)));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"FTS5: NDCG@10 {score.Ndcg:0.0000} over {score.Queries} queries"));
            return 0;
        });
        return command;
    }
}
