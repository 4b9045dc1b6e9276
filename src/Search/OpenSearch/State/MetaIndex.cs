using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.State;

/// <summary>
/// Documents of the platform itself, such as the state of the catalogs, in one index. They are read by id, which sees every acknowledged write at once, and written only over what was
/// read: of two writers one is told. Thread-safe.
/// </summary>
internal sealed class MetaIndex(OpenSearchConnection connection, string name)
{
    /// <summary>Documents listed of one catalog at most.</summary>
    private const int MaxListed = 10_000;

    private const string Definition = """
        {"settings":{"number_of_shards":1,"auto_expand_replicas":"0-1"},"mappings":{"dynamic":"strict","properties":{
        "kind":{"type":"keyword"},"catalog":{"type":"keyword"},"state":{"type":"object","enabled":false},"data":{"type":"object","enabled":false}}}}
        """;

    private readonly TimeSpan _timeout = TimeSpan.FromSeconds(connection.Options.WriteTimeoutSeconds);
    private volatile bool _made;

    /// <summary>Makes the index when it is missing; looks once, and when a document of it is missed that was to be there.</summary>
    public async ValueTask EnsureAsync(CancellationToken cancellationToken, bool missed = false)
    {
        if (_made && !missed)
        {
            return;
        }

        try
        {
            var request = new OpenSearchRequest(HttpMethod.Put, $"/{name}") { Body = System.Text.Encoding.UTF8.GetBytes(Definition), Timeout = _timeout };
            using var answer = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        catch (OpenSearchException e) when (e.Type == "resource_already_exists_exception")
        {
            // Made by an earlier run, or by another worker just now.
        }

        _made = true;
    }

    /// <summary>A document; null when it is missing.</summary>
    public async ValueTask<Stored<T>?> ReadAsync<T>(string id, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var answer = await connection.SendAsync(OpenSearchRequest.Get(PathOf(id)) with { MissingIsAnswer = true }, cancellationToken).ConfigureAwait(false);
        return answer.Status == 404
            ? null
            : new Stored<T>(
                answer.Root.GetProperty("_source").GetProperty("state").Deserialize(type)!,
                answer.Root.GetProperty("_seq_no").GetInt64(),
                answer.Root.GetProperty("_primary_term").GetInt64());
    }

    /// <summary>Writes a document over what was read. May be repeated after a failure that leaves open whether it was done.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="kind">What it is.</param>
    /// <param name="catalog">Whose.</param>
    /// <param name="value">What it says.</param>
    /// <param name="read">What was read; null when it was missing.</param>
    /// <param name="type">Its JSON.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>What is stored now; null when somebody else wrote meanwhile.</returns>
    public async ValueTask<Stored<T>?> WriteAsync<T>(string id, string kind, string catalog, T value, Stored<T>? read, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, type);
        var condition = read is null ? "op_type=create" : FormattableString.Invariant($"if_seq_no={read.SequenceNumber}&if_primary_term={read.PrimaryTerm}");
        try
        {
            var request = new OpenSearchRequest(HttpMethod.Put, $"{PathOf(id)}?{condition}&refresh=true") { Body = Wrap(kind, catalog, json), Timeout = _timeout };
            using var answer = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
            return new Stored<T>(value, answer.Root.GetProperty("_seq_no").GetInt64(), answer.Root.GetProperty("_primary_term").GetInt64());
        }
        catch (OpenSearchException e) when (e.Status == 409)
        {
            // Written by somebody else, or by this very request before its answer was lost.
            var now = await ReadAsync(id, type, cancellationToken).ConfigureAwait(false);
            return now is not null && JsonSerializer.SerializeToUtf8Bytes(now.Value, type).AsSpan().SequenceEqual(json) ? now : null;
        }
    }

    /// <summary>Writes a piece of a file. The same id always has the same content.</summary>
    public async ValueTask WriteChunkAsync(string id, string catalog, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>((content.Length * 4 / 3) + 256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", "file");
            writer.WriteString("catalog", catalog);
            writer.WriteStartObject("data");
            writer.WriteBase64String("bytes", content.Span);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        var request = new OpenSearchRequest(HttpMethod.Put, $"{PathOf(id)}?refresh=true") { Body = buffer.WrittenMemory, Timeout = _timeout, Repeat = Repeat.AfterOverload };
        using var answer = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>A piece of a file; null when it is missing.</summary>
    public async ValueTask<byte[]?> ReadChunkAsync(string id, CancellationToken cancellationToken)
    {
        using var answer = await connection.SendAsync(OpenSearchRequest.Get(PathOf(id)) with { MissingIsAnswer = true }, cancellationToken).ConfigureAwait(false);
        return answer.Status == 404 ? null : answer.Root.GetProperty("_source").GetProperty("data").GetProperty("bytes").GetBytesFromBase64();
    }

    /// <summary>Ids of the pieces of a catalog's files, as far as they fit one list.</summary>
    public async ValueTask<IReadOnlyList<string>> ListChunksAsync(string catalog, CancellationToken cancellationToken) =>
        [.. await ListAsync("file", catalog, cancellationToken).ConfigureAwait(false)];

    /// <summary>The catalogs that have a state.</summary>
    public async ValueTask<IReadOnlyList<string>> CatalogsAsync(CancellationToken cancellationToken) =>
        [.. (await ListAsync("state", null, cancellationToken).ConfigureAwait(false)).Select(id => id[(id.IndexOf('.', StringComparison.Ordinal) + 1)..]).Order(StringComparer.Ordinal)];

    /// <summary>Deletes pieces; those that are gone are no matter.</summary>
    public async ValueTask DeleteAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken)
    {
        if (ids.Count == 0)
        {
            return;
        }

        var lines = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
        {
            using (var writer = new Utf8JsonWriter(lines))
            {
                writer.WriteStartObject();
                writer.WriteStartObject("delete");
                writer.WriteString("_id", id);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }

            lines.Write("\n"u8);
        }

        var request = new OpenSearchRequest(HttpMethod.Post, $"/{name}/_bulk?refresh=true") { Body = lines.WrittenMemory, Lines = true, Repeat = Repeat.AfterOverload, Timeout = _timeout };
        using var answer = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<List<string>> ListAsync(string kind, string? catalog, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(body))
        {
            writer.WriteStartObject();
            writer.WriteNumber("size", MaxListed);
            writer.WriteBoolean("_source", false);
            writer.WriteStartObject("query");
            writer.WriteStartObject("bool");
            writer.WriteStartArray("filter");
            WriteTerm(writer, "kind", kind);
            if (catalog is not null)
            {
                WriteTerm(writer, "catalog", catalog);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        var request = OpenSearchRequest.Read($"/{name}/_search", body.WrittenMemory) with { MissingIsAnswer = true };
        using var answer = await connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
        return answer.Status == 404 ? [] : [.. answer.Root.GetProperty("hits").GetProperty("hits").EnumerateArray().Select(h => h.GetProperty("_id").GetString()!)];
    }

    private static void WriteTerm(Utf8JsonWriter writer, string field, string value)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("term");
        writer.WriteString(field, value);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static byte[] Wrap(string kind, string catalog, byte[] json)
    {
        var buffer = new ArrayBufferWriter<byte>(json.Length + 128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", kind);
            writer.WriteString("catalog", catalog);
            writer.WritePropertyName("state");
            writer.WriteRawValue(json);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private string PathOf(string id) => $"/{name}/_doc/{Uri.EscapeDataString(id)}";
}
