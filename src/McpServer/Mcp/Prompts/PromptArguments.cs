using AiPlatform.Core.Catalog;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Prompts;

/// <summary>The arguments that prompts have in common.</summary>
internal static class PromptArguments
{
    public const string Catalog = "catalog";
    public const string Category = "category";
    public const string Brand = "brand";
    public const string Budget = "budget";
    public const string Need = "need";
    public const string MustHave = "must_have";
    public const string Id = "id";
    public const string Ids = "ids";

    public const int CatalogLength = CatalogLimits.CatalogNameCharacters;
    public const int NameLength = 400;
    public const int SentenceLength = 1_000;
    public const int IdLength = CatalogLimits.IdBytes;

    /// <summary>Products of one list of ids.</summary>
    public const int MaxIds = 10;

    /// <summary>Characters of a list of ids, commas included.</summary>
    public const int IdsLength = MaxIds * IdLength;

    public static PromptArgument Required(string name, string title, string description) =>
        new() { Name = name, Title = title, Description = description, Required = true };

    public static PromptArgument Optional(string name, string title, string description) =>
        new() { Name = name, Title = title, Description = description, Required = false };

    public static PromptArgument OfCatalog { get; } = Optional(Catalog, "Catalog", "Name of the catalog. May be left out when you see only one.");
}
