using System.Buffers;
using System.Text.Json;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>An answer, parsed in a pooled buffer. Elements of it must not be used after <see cref="Dispose"/>.</summary>
internal sealed class OpenSearchResponse : IDisposable
{
    private readonly JsonDocument? _document;
    private byte[]? _buffer;

    private OpenSearchResponse(int status, JsonDocument? document, byte[]? buffer)
    {
        Status = status;
        _document = document;
        _buffer = buffer;
    }

    /// <summary>HTTP status.</summary>
    public int Status { get; }

    /// <summary>The answer; undefined when the body is empty or no JSON.</summary>
    public JsonElement Root => _document?.RootElement ?? default;

    /// <summary>Milliseconds the cluster says that it took; 0 when it says nothing.</summary>
    public int Took => Root.ValueKind == JsonValueKind.Object && Root.TryGetProperty("took", out var took) && took.TryGetInt32(out var value) ? value : 0;

    /// <summary>Takes over the buffer, which came from the shared pool.</summary>
    /// <exception cref="JsonException">The body of a successful answer is no JSON; the buffer then stays the caller's.</exception>
    public static OpenSearchResponse Of(int status, byte[] buffer, int length) =>
        new(status, length == 0 ? null : JsonDocument.Parse(buffer.AsMemory(0, length)), buffer);

    public void Dispose()
    {
        _document?.Dispose();
        if (Interlocked.Exchange(ref _buffer, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
