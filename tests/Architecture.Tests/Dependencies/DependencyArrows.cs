namespace AiPlatform.Architecture.Tests.Dependencies;

/// <summary>McpServer -> Indexer, Router -> Search, Storage -> Core: arrows point down only, and peers do not know each other.</summary>
internal static class DependencyArrows
{
    private static readonly Dictionary<string, string[]> Allowed = new(StringComparer.Ordinal)
    {
        ["Core"] = [],
        ["Search"] = ["Core"],
        ["Storage"] = ["Core"],
        ["Router"] = ["Core", "Search", "Storage"],
        ["Indexer"] = ["Core", "Search", "Storage"],
        ["McpServer"] = ["Core", "Search", "Storage", "Router", "Indexer"],
    };

    public static IReadOnlyCollection<string> Projects => Allowed.Keys;

    public static IEnumerable<string> Violations(string project, IEnumerable<string> references)
    {
        if (!Allowed.TryGetValue(project, out var allowed))
        {
            return [$"{project} is not a project of the design"];
        }

        return references.Where(r => !allowed.Contains(r, StringComparer.Ordinal)).Select(r => $"{project} must not reference {r}");
    }
}
