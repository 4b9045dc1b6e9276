namespace AiPlatform.McpServer.Mcp.Changes;

/// <summary>What a scope is offered: the names on its lists, joined. Equal texts, equal lists.</summary>
/// <param name="Tools">Names of the tools.</param>
/// <param name="Prompts">Names of the prompts.</param>
/// <param name="Resources">Names of the catalogs.</param>
internal sealed record OfferedLists(string Tools, string Prompts, string Resources)
{
    /// <summary>The lists that differ.</summary>
    public ListKinds Differences(OfferedLists other) =>
        (Tools == other.Tools ? ListKinds.None : ListKinds.Tools)
        | (Prompts == other.Prompts ? ListKinds.None : ListKinds.Prompts)
        | (Resources == other.Resources ? ListKinds.None : ListKinds.Resources);
}
