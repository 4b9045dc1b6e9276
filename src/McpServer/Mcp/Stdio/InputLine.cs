namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>One line of the input, without its end.</summary>
/// <param name="Bytes">The line; valid until the next one is read. Empty when it is too long.</param>
/// <param name="TooLong">Whether the line was longer than allowed and has been skipped.</param>
internal readonly record struct InputLine(ReadOnlyMemory<byte> Bytes, bool TooLong);
