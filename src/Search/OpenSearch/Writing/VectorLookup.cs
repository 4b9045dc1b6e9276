using System.Buffers;
using System.Text.Json;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>Reads vectors by product id.</summary>
internal static class VectorLookup
{
    /// <summary>One vector an id, in order; empty where there is none of this dimension.</summary>
    public static async ValueTask<IReadOnlyList<ReadOnlyMemory<float>>> ReadAsync(WriteContext context, string index, IReadOnlyList<string> ids, int dimensions, CancellationToken cancellationToken) =>
        ids.Count == 0
            ? []
            : await context.SendAsync("reading vectors", OpenSearchRequest.Read($"/{index}/_mget?_source_includes={IndexFields.Embedding}", BodyOf(ids)), response => Read(response.Root, dimensions), cancellationToken).ConfigureAwait(false);

    private static byte[] BodyOf(IReadOnlyList<string> ids)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteStartArray("ids");
            foreach (var id in ids)
            {
                json.WriteStringValue(id);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return body.WrittenSpan.ToArray();
    }

    private static List<ReadOnlyMemory<float>> Read(JsonElement root, int dimensions)
    {
        var vectors = new List<ReadOnlyMemory<float>>();
        foreach (var document in root.GetProperty("docs").EnumerateArray())
        {
            var vector = document.TryGetProperty("_source", out var source) ? IndexScan.VectorOf(source) : [];
            vectors.Add(vector.Length == dimensions ? vector : default(ReadOnlyMemory<float>));
        }

        return vectors;
    }
}
