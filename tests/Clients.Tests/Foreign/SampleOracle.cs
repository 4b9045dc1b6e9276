using System.Text.Json;
using AiPlatform.Clients.Tests.Support;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>
/// What a group of the demo must be shown of one category, read from the sample's rows and from what samples/policy.yaml says of the
/// group: no code of the product takes part.
/// </summary>
internal sealed record SampleOracle(IReadOnlyList<string> Ids, string ProductName, string Hidden)
{
    public const string Category = "Electronics / Audio / Headphones";

    public static string Products => Path.Combine(Repository.Root, "samples", "catalog", "products.jsonl");

    public static SampleOracle Of(string group)
    {
        var (levels, region, isSeen) = RulesOf(group);
        var rows = File.ReadLines(Products).Select(l => JsonElement.Parse(l)).Where(InCategory).OrderBy(Id, StringComparer.Ordinal).ToList();
        var visible = rows.FindAll(r =>
            levels.Contains(r.GetProperty("access").GetProperty("level").GetString())
            && Texts(r.GetProperty("access"), "groups").Intersect([group, "everyone"]).Any()
            && !Texts(r.GetProperty("access"), "restrictedRegions").Contains(region)
            && isSeen(r));
        return new SampleOracle([.. visible.Select(Id)], visible[0].GetProperty("name").GetString()!, Id(rows.First(r => !visible.Contains(r))));
    }

    private static (string[] Levels, string Region, Func<JsonElement, bool> IsSeen) RulesOf(string group) => group switch
    {
        "eu-retail" => (["public"], "EU", r => Texts(r, "regions").Contains("EU")),
        "us-wholesale" => (["public", "internal"], "US", r => Texts(r, "regions").Contains("US")),
        "administrators" => (["public", "internal", "confidential"], "EU", _ => true),
        _ => throw new ArgumentOutOfRangeException(nameof(group), group, "No rules are written down for this group."),
    };

    private static bool InCategory(JsonElement row) =>
        string.Join(" / ", Texts(row, "categoryPath")).StartsWith(Category, StringComparison.Ordinal);

    private static string Id(JsonElement row) => row.GetProperty("sku").GetString()!;

    private static IEnumerable<string> Texts(JsonElement element, string name) => element.GetProperty(name).EnumerateArray().Select(t => t.GetString()!);
}
