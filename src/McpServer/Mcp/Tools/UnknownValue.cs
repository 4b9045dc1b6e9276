using System.Collections.Immutable;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>A name or value of a call that no product the caller sees has.</summary>
/// <param name="Argument">The argument it was given in.</param>
/// <param name="Value">As it was written.</param>
/// <param name="Nearest">What exists and comes nearest, best first; may be empty.</param>
internal sealed record UnknownValue(string Argument, string Value, ImmutableArray<string> Nearest);
