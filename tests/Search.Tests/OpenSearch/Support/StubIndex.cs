using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Search.Tests.OpenSearch.Support;

/// <summary>As much of a cluster as a lease and bulks need: documents by id with sequence numbers, and bulks that a test may answer itself.</summary>
internal sealed class StubIndex
{
    private readonly ConcurrentDictionary<string, (string Source, int SequenceNumber)> _documents = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _sequence;

    /// <summary>Ids of the products that bulks wrote, with their versions.</summary>
    public ConcurrentDictionary<string, long> Written { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers a bulk of so many lines; null, or an answer of null, for success.</summary>
    public Func<HttpContext, string, Func<HttpContext, Task>?>? OnBulk { get; set; }

    /// <summary>Awaited behind a document that was written, before its answer.</summary>
    public Func<Task>? OnDocument { get; set; }

    public Task AnswerAsync(HttpContext context, string body)
    {
        var path = context.Request.Path.Value!;
        if (path.EndsWith("/_bulk", StringComparison.Ordinal))
        {
            return OnBulk?.Invoke(context, body) is { } told ? told(context) : StubCluster.Says(200, Succeed(body))(context);
        }

        return path.Contains("/_doc/", StringComparison.Ordinal)
            ? Document(context, path[(path.LastIndexOf('/') + 1)..], body)
            : StubCluster.Says(200, """{"acknowledged":true}""")(context);
    }

    /// <summary>The ids of a bulk's items, in order.</summary>
    public static List<string> Ids(string body) => [.. Actions(body).Select(a => a["_id"]!.GetValue<string>())];

    /// <summary>Writes all items and says so.</summary>
    public string Succeed(string body)
    {
        foreach (var action in Actions(body))
        {
            Written[action["_id"]!.GetValue<string>()] = action["version"]!.GetValue<long>();
        }

        return JsonSerializer.Serialize(new { took = 1, errors = false, items = Ids(body).Select(id => new { index = new { _id = id, status = 201 } }) });
    }

    private static IEnumerable<JsonNode> Actions(string body) =>
        body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!.AsObject()).Where(o => o.ContainsKey("index") || o.ContainsKey("delete")).Select(o => (o["index"] ?? o["delete"])!);

    private async Task Document(HttpContext context, string id, string body)
    {
        var answer = Answer(context, id, body);
        if (context.Request.Method == "PUT" && OnDocument is { } wait)
        {
            await wait();
        }

        await answer(context);
    }

    private Func<HttpContext, Task> Answer(HttpContext context, string id, string body)
    {
        lock (_gate)
        {
            var found = _documents.TryGetValue(id, out var document);
            if (context.Request.Method == "GET")
            {
                return found
                    ? StubCluster.Says(200, $$"""{"found":true,"_seq_no":{{document.SequenceNumber}},"_primary_term":1,"_source":{{document.Source}}}""")
                    : StubCluster.Says(404, """{"found":false}""");
            }

            var expected = context.Request.Query["if_seq_no"].ToString();
            if (expected.Length == 0 ? found : !found || expected != $"{document.SequenceNumber}")
            {
                return StubCluster.Says(409, """{"error":{"type":"version_conflict_engine_exception","reason":"changed"},"status":409}""");
            }

            _documents[id] = (body, ++_sequence);
            return StubCluster.Says(200, $$"""{"_seq_no":{{_sequence}},"_primary_term":1}""");
        }
    }
}
