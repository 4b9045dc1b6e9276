using System.Text.Json;
using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>Whoever has tasks. A task of another caller, or one whose right is gone, is not there: each method answers for it as for an id that never was. Thread-safe.</summary>
internal interface IMcpTaskSource
{
    /// <summary>A task as it is now; null when there is none for this caller.</summary>
    ValueTask<McpTask?> FindAsync(Caller caller, string id, CancellationToken cancellationToken);

    /// <summary>Asks a task to stop; one that has ended stays as it is. False when there is none for this caller.</summary>
    ValueTask<bool> CancelAsync(Caller caller, string id, CancellationToken cancellationToken);

    /// <summary>Hands over answers of the client, an object by the keys of the questions; those nobody asks for are ignored. False when there is no such task for this caller.</summary>
    ValueTask<bool> UpdateAsync(Caller caller, string id, JsonElement answers, CancellationToken cancellationToken);
}
