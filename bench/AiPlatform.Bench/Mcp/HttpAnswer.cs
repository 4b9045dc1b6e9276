namespace AiPlatform.Bench.Mcp;

/// <summary>An answer as it came: the body still has its chunk or event framing.</summary>
internal readonly record struct HttpAnswer(int Status, ReadOnlyMemory<byte> Body, string? Session);
