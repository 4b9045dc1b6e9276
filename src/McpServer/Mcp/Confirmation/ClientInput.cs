using System.Text.Json;

namespace AiPlatform.McpServer.Mcp.Confirmation;

/// <summary>What the client of a call can be asked, and what it has answered so far. Everything but <see cref="CanAsk"/> is the client's own text.</summary>
/// <param name="CanAsk">Whether the client can put a question to the person who uses it.</param>
/// <param name="State">What the question travelled with, as it came back; null when nothing came back.</param>
/// <param name="Answer">The answer to the question of <see cref="Confirmations"/>; undefined when there is none.</param>
internal sealed record ClientInput(bool CanAsk, string? State, JsonElement Answer)
{
    /// <summary>Of a client that cannot be asked.</summary>
    public static ClientInput None { get; } = new(CanAsk: false, null, default);
}
