using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Stdio;

/// <summary>A long call that a test holds in its hand: it reports, and then waits until it is released or cancelled.</summary>
internal sealed class HangingTool : IMcpTool
{
    private int _calls;

    public TaskCompletionSource Release { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether a cancelled call goes on until it is released all the same.</summary>
    public bool IsStubborn { get; set; }

    public SemaphoreSlim Started { get; } = new(0);

    public int Calls => Volatile.Read(ref _calls);

    public Tool Definition { get; } = new() { Name = "hang", InputSchema = ToolJson.Schema("""{"type": "object", "additionalProperties": false, "properties": {}}""") };

    public bool IsLong => true;

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => true;

    public async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _calls);
        await call.Feedback.ProgressAsync(1, 2, "half", cancellationToken);
        Started.Release();
        try
        {
            await Release.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Cancelled.TrySetResult();
            await (IsStubborn ? Release.Task : Task.CompletedTask);
            throw;
        }

        return new ToolAnswer("{}"u8.ToArray(), "done", IsError: false);
    }
}
