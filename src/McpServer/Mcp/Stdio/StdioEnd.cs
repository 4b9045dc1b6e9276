namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>Why serving over standard input and output ended.</summary>
internal enum StdioEnd
{
    /// <summary>The client closed the input: the ordinary end.</summary>
    InputClosed,

    /// <summary>The process was asked to stop.</summary>
    Stopped,

    /// <summary>The key stopped being valid.</summary>
    KeyRefused,

    /// <summary>Nobody reads the output any more.</summary>
    OutputClosed,
}
