using System.Text.Json.Nodes;
using System.Threading.Channels;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// A request in a session, answered by the SDK. When the client leaves before the answer, a resumable call goes on and the client
/// can fetch the rest; any other is called off, because nobody could ever hear its answer.
/// </summary>
internal sealed class SessionCall : IDisposable
{
    private readonly LegacySession _session;
    private readonly JsonRpcRequest _request;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _calledOff = new();
    private bool _sessionEnded;

    private SessionCall(LegacySession session, JsonRpcRequest request, TimeProvider time)
    {
        _session = session;
        _request = request;
        _time = time;
    }

    public RequestId Id => _request.Id;

    /// <summary>Answers, or gives up when the client leaves. The call itself may go on.</summary>
    /// <returns>Null when that was the answer; otherwise what is to be answered: the id is of a call under way, or the session has ended.</returns>
    public static async Task<RpcFault?> AnswerAsync(HttpContext http, LegacySession session, JsonRpcRequest request, TimeProvider time)
    {
        var call = new SessionCall(session, request, time);
        if (session.TryAdd(call))
        {
            return await call.AnswerAsync(http) ? null : SessionFaults.Unknown;
        }

        call.Dispose();
        return SessionFaults.IdUnderWay;
    }

    private async Task<bool> AnswerAsync(HttpContext http)
    {
        await using var answer = new AnswerBody(http, statusFollowsError: false, _time, http.RequestAborted);
        var run = RunAsync(answer);
        try
        {
            await run.WaitAsync(http.RequestAborted);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            if (!_session.Events.IsResumable)
            {
                await CancelAsync();
            }

            return true;
        }

        if (!answer.Started && !_sessionEnded)
        {
            // Called off before anything was said.
            http.Response.StatusCode = StatusCodes.Status202Accepted;
            return true;
        }

        return answer.Started;
    }

    /// <summary>Ends the answer. The SDK, told on its own way, ends the work.</summary>
    public async ValueTask CallOffAsync()
    {
        try
        {
            await _calledOff.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The answer came first.
        }
    }

    public void Dispose() => _calledOff.Dispose();

    private async Task RunAsync(AnswerBody answer)
    {
        _session.Enter(_time.GetTimestamp());
        try
        {
            await _session.Transport.HandlePostRequestAsync(_request, answer, async message => await answer.OnFirstMessageAsync(message), _calledOff.Token);
        }
        catch (Exception closed) when (closed is OperationCanceledException or ObjectDisposedException or ChannelClosedException)
        {
            // Called off, or the session ended: there is no answer.
            _sessionEnded = !_calledOff.IsCancellationRequested;
        }
        finally
        {
            _session.Remove(this);
            _session.Leave(_time.GetTimestamp());
            Dispose();
        }
    }

    private ValueTask CancelAsync()
    {
        var cancelled = new JsonRpcNotification
        {
            Method = NotificationMethods.CancelledNotification,
            Params = new JsonObject { ["requestId"] = Id.Id is long number ? number : Id.ToString(), ["reason"] = "The client left." },
            Context = new JsonRpcMessageContext { User = _request.Context?.User, ProtocolVersion = _request.Context?.ProtocolVersion, Items = _request.Context?.Items },
        };
        return _session.TellAsync(cancelled);
    }
}
