namespace AiPlatform.McpServer.Mcp.Tasks;

/// <summary>Where a task is, in the words of the extension.</summary>
internal enum McpTaskStatus
{
    /// <summary>Is being worked on, or waits for its turn.</summary>
    Working = 0,

    /// <summary>Waits for answers of the client.</summary>
    InputRequired,

    /// <summary>Ended with an answer, be it an error of the tool.</summary>
    Completed,

    /// <summary>Ended with an error of the protocol.</summary>
    Failed,

    /// <summary>Ended because it was given up.</summary>
    Cancelled,
}
