using Xunit;
using System.Text.RegularExpressions;
using AiPlatform.Core.Access;

namespace AiPlatform.Architecture.Tests.Sources;

/// <summary>Rights have one table: what asks for a right takes it from there, and the documentation says the same.</summary>
public sealed partial class RightsTests
{
    [Fact]
    public void Sources_AskForRights_ByTheTable() =>
        Assert.Empty(Repository.CSharp("src").Where(f => ByHand().IsMatch(f.Text)).Select(f => f.Path));

    [Fact]
    public void Pattern_FindsARightByHand() => Assert.Matches(ByHand(), "scope.Allows(\"keys\", \"read\", now)");

    [Fact]
    public void PolicyDocumentation_ListsTheTable()
    {
        var resource = "";
        var documented = new List<(string, string, string?)>();
        foreach (Match row in Row().Matches(File.ReadAllText(Repository.At("docs", "policy.md")).Split("## Permissions")[1].Split("\n## ")[0]))
        {
            resource = row.Groups["resource"].Success ? row.Groups["resource"].Value : resource;
            documented.Add((resource, row.Groups["action"].Value, row.Groups["condition"].Success ? row.Groups["condition"].Value : null));
        }

        Assert.Equal(Right.All.Select(r => (r.Resource, r.Action, r.Condition)), documented);
    }

    [GeneratedRegex("""\.(Allows|Covers)\(\s*"[a-z]""")]
    private static partial Regex ByHand();

    [GeneratedRegex(@"^\| (`(?<resource>[a-z]+)` )?\| `(?<action>[a-z]+)` \| (`(?<condition>[a-z]+)` )?\|", RegexOptions.Multiline)]
    private static partial Regex Row();
}
