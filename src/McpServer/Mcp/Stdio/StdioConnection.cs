using System.Buffers;
using System.Collections.Concurrent;
using System.Text.Json;
using AiPlatform.McpServer.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>
/// The output of the one client, shared by the sessions of both eras: every message is a line of its own. Knows which requests are under way, so
/// that their number is bounded and an end can wait for them. Thread-safe.
/// </summary>
/// <param name="output">Where messages go; nothing else may write to it.</param>
internal sealed class StdioConnection(Stream output) : IDisposable
{
    /// <summary>Requests under way at once.</summary>
    public const int MaxUnderWay = 256;

    private const byte LineFeed = (byte)'\n';

    private readonly ConcurrentDictionary<RequestId, (StdioTransport Session, JsonRpcRequest Request)> _underWay = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<StdioEnd> _closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _completed;

    /// <summary>Ends with the reason when nobody reads the output any more, or a session was closed because its caller may not go on.</summary>
    public Task<StdioEnd> Closed => _closed.Task;

    /// <summary>Counts a request in. Answers what is wrong when too many are under way, or one with its id is.</summary>
    public RpcFault? Enter(JsonRpcRequest request, StdioTransport session) =>
        _underWay.Count >= MaxUnderWay
            ? new RpcFault(StatusCodes.Status429TooManyRequests, RpcErrors.Refused, "too_many_under_way", $"{MaxUnderWay} requests are under way. Wait for an answer before sending another.")
            : _underWay.TryAdd(request.Id, (session, request))
                ? null
                : new RpcFault(StatusCodes.Status400BadRequest, RpcErrors.InvalidRequest, "id_under_way", "A request with this id is under way. Give every request an id of its own.");

    /// <summary>The session that works on the request; null when none does.</summary>
    public StdioTransport? SessionOf(RequestId id) => _underWay.GetValueOrDefault(id).Session;

    /// <summary>Counts a request out whose work has ended without an answer, because it was cancelled.</summary>
    public void LeaveUnanswered(JsonRpcRequest request)
    {
        if (_underWay.TryGetValue(request.Id, out var entry) && entry.Request == request)
        {
            Leave(request.Id);
        }
    }

    /// <summary>Says that no message will come any more. The answer ends when all requests under way are answered.</summary>
    public Task CompleteAsync()
    {
        _completed = true;
        if (_underWay.IsEmpty)
        {
            _idle.TrySetResult();
        }

        return _idle.Task;
    }

    /// <summary>Ends the connection: its caller may not go on.</summary>
    public void Close() => _closed.TrySetResult(StdioEnd.KeyRefused);

    public async Task SendAsync(JsonRpcMessage message, CancellationToken cancellationToken)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(message, McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>());

        // Raw JSON inside a message may have been laid out over lines; a line end inside a string is always escaped.
        line.AsSpan().Replace(LineFeed, (byte)' ');
        await WriteLineAsync(line, cancellationToken).WaitAsync(cancellationToken);
        if (message is JsonRpcResponse or JsonRpcError)
        {
            Leave(((JsonRpcMessageWithId)message).Id);
        }
    }

    /// <summary>Answers a message that no session gets to see.</summary>
    /// <param name="fault">What is wrong.</param>
    /// <param name="id">The request's id; an undefined element for an id of null.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task SendFaultAsync(RpcFault fault, JsonElement id, CancellationToken cancellationToken)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(buffer))
        {
            RpcErrorResponse.Write(json, fault, id);
        }

        return WriteLineAsync(buffer.WrittenMemory, cancellationToken).WaitAsync(cancellationToken);
    }

    /// <summary>Nothing is written any more. The stream belongs to the process.</summary>
    public void Dispose() => _writing.Dispose();

    private void Leave(RequestId id)
    {
        _underWay.TryRemove(id, out _);
        if (_completed && _underWay.IsEmpty)
        {
            _idle.TrySetResult();
        }
    }

    /// <summary>A line that has been begun is finished whatever is cancelled: half a line would spoil all that follow.</summary>
    private async Task WriteLineAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        var line = new byte[message.Length + 1];
        message.CopyTo(line);
        line[^1] = LineFeed;
        await _writing.WaitAsync(cancellationToken);
        try
        {
            await output.WriteAsync(line, CancellationToken.None);
            await output.FlushAsync(CancellationToken.None);
        }
        catch (Exception failure) when (failure is IOException or ObjectDisposedException)
        {
            _closed.TrySetResult(StdioEnd.OutputClosed);
            throw new IOException("Nobody reads the output any more.", failure);
        }
        finally
        {
            _writing.Release();
        }
    }
}
