using System.Collections.Concurrent;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>Remembers the calls that were recorded.</summary>
internal sealed class RecordedCalls : ICallAudit
{
    private readonly ConcurrentQueue<CallRecord> _calls = new();

    /// <summary>All in the order they ended.</summary>
    public IReadOnlyList<CallRecord> All => [.. _calls];

    public ValueTask RecordAsync(CallRecord call)
    {
        _calls.Enqueue(call);
        return ValueTask.CompletedTask;
    }
}
