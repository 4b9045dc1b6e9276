using System.Collections.Concurrent;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>A tool that works in steps and waits where the test wants it to: each call of it is named by its argument <c>name</c>.</summary>
internal sealed class StepTool : IMcpTool
{
    public const string Name = "step";

    private readonly ConcurrentDictionary<string, Run> _runs = new(StringComparer.Ordinal);

    public Tool Definition { get; } = new()
    {
        Name = Name,
        Description = "Works in steps.",
        InputSchema = ToolJson.Schema("""{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]}"""),
    };

    public bool IsLong => true;

    /// <summary>The call of a name, which need not have begun.</summary>
    public Run this[string name] => _runs.GetOrAdd(name, static _ => new Run());

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => true;

    public async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var name = call.Arguments.RequiredText("name", 100);
        var run = this[name];
        run.Started.TrySetResult(call.Feedback);
        try
        {
            await run.Finish.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            run.Cancelled.TrySetResult();
            throw;
        }

        return new ToolAnswer("{\"done\":true}"u8.ToArray(), $"done {name} for {call.Caller.Subject}", IsError: false);
    }

    public sealed class Run
    {
        /// <summary>Set when the call has begun.</summary>
        public TaskCompletionSource<IToolFeedback> Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Lets the call answer.</summary>
        public TaskCompletionSource Finish { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Set when the call was cancelled.</summary>
        public TaskCompletionSource Cancelled { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
