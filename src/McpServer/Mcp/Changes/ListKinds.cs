namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>The lists whose changes are told.</summary>
[Flags]
internal enum ListKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>tools/list.</summary>
    Tools = 1,

    /// <summary>prompts/list.</summary>
    Prompts = 2,

    /// <summary>resources/list.</summary>
    Resources = 4,

    /// <summary>All of them: what a session of the older revisions is told of.</summary>
    All = Tools | Prompts | Resources,
}
