using System.Buffers;
using System.Text.Json;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Searches of one index that go out as one <c>_msearch</c>. A search that answers from some of its shards only is a failed one: half a visible set looks like a whole one.</summary>
/// <param name="index">Name of the concrete index.</param>
internal sealed class MultiSearch(string index)
{
    private static ReadOnlySpan<byte> Header => "{\"allow_partial_search_results\":false}\n"u8;

    private readonly ArrayBufferWriter<byte> _lines = new(4_096);

    /// <summary>Searches so far.</summary>
    public int Count { get; private set; }

    /// <summary>Adds a search, whose body is written as a JSON object; answers its position.</summary>
    public int Add(Action<Utf8JsonWriter> body)
    {
        _lines.Write(Header);
        using (var json = new Utf8JsonWriter(_lines))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }

        _lines.Write("\n"u8);
        return Count++;
    }

    /// <summary>Sends all.</summary>
    /// <exception cref="OpenSearchException">The request failed as a whole.</exception>
    public async ValueTask<MultiAnswer> SendAsync(OpenSearchConnection connection, CancellationToken cancellationToken)
    {
        // The parameter keeps what repeats in every hit out of the answer.
        var path = $"/{Uri.EscapeDataString(index)}/_msearch?filter_path=took,responses.took,responses.timed_out,responses.status,responses.error,responses._shards.failed,responses.hits.total.value,responses.hits.hits._score,responses.hits.hits.sort,responses.hits.hits.fields,responses.hits.hits.matched_queries,responses.aggregations";
        return new MultiAnswer(await connection.SendAsync(OpenSearchRequest.Read(path, _lines.WrittenMemory, lines: true), cancellationToken).ConfigureAwait(false), Count);
    }
}
