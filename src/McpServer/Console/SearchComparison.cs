using System.Globalization;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AiPlatform.McpServer.Console;

/// <summary>Draws what several callers get for one question, and the rules that make the difference.</summary>
internal static class SearchComparison
{
    private const int NameLength = 60;

    /// <summary>A column for each caller: why it sees what it sees, how much, and its first results.</summary>
    public static IRenderable Table(IReadOnlyList<DemoView> views, string question)
    {
        var table = new Table { Border = TableBorder.Rounded, Expand = true, ShowRowSeparators = true };
        table.Title = new TableTitle(Markup.Escape($"\"{SafeText.Clean(question)}\" asked with each demo key"));
        foreach (var view in views)
        {
            table.AddColumn(new TableColumn($"[bold]{Markup.Escape(view.Caller.Group)}[/]"));
        }

        table.AddRow(views.Select(v => new Markup(Markup.Escape(Rules(v)))));
        table.AddRow(views.Select(v => new Markup(string.Create(CultureInfo.InvariantCulture, $"sees [bold]{v.Visible}[/] products, [bold]{v.Total}[/] match"))));
        for (var rank = 0; rank < views.Max(v => v.Hits.Length); rank++)
        {
            table.AddRow(views.Select(v => new Markup(rank < v.Hits.Length ? Hit(rank, v.Hits[rank]) : "")));
        }

        return views.FirstOrDefault(v => v.Corrected is not null) is { } corrected
            ? new Rows(new Text($"Searched for: {SafeText.Clean(corrected.Corrected!)}"), table)
            : table;
    }

    /// <summary>For each product that some of the callers see and others do not: who, and the rule that decides.</summary>
    public static IRenderable Differences(IReadOnlyList<DemoView> views, AccessScope administrator, string catalog, DateTimeOffset now)
    {
        var table = new Table { Border = TableBorder.Rounded, Expand = true, Title = new TableTitle("Why the answers differ") };
        table.AddColumns("product", "seen by", "not seen by, and the rule that says so");
        foreach (var product in views.SelectMany(v => v.Hits).DistinctBy(p => p.Id))
        {
            var judged = views.Select(v => (View: v, Explanation: AccessExplainer.Explain(administrator, v.Scope, catalog, product, now))).ToList();
            var refused = judged.Where(j => !j.Explanation.Visible).ToList();
            if (refused.Count > 0)
            {
                table.AddRow(
                    Markup.Escape($"{SafeText.Shorten(product.Name, NameLength)} [{SafeText.Clean(product.Id)}]"),
                    Markup.Escape(string.Join(", ", judged.Where(j => j.Explanation.Visible).Select(j => j.View.Caller.Group))),
                    Markup.Escape(string.Join('\n', refused.Select(r => $"{r.View.Caller.Group}: {Reason(r.Explanation)}"))));
            }
        }

        return table.Rows.Count > 0 ? table : new Text("Every demo key sees all of these products.\n");
    }

    private static string Rules(DemoView view)
    {
        var filters = view.Group.DataFilters
            .Where(f => f.Resource == DataFilter.Products)
            .Select(f => $"{f.Field} {f.Operator.ToString().ToLowerInvariant()} {string.Join(", ", f.Values)}")
            .ToList();
        return $"""
            tier {view.Scope.Tier.Name}, level {view.Scope.DataAccessLevel.ToString().ToLowerInvariant()}
            caller's region {view.Caller.Region}
            {(filters.Count == 0 ? "no data filter" : string.Join('\n', filters))}
            """;
    }

    private static string Hit(int rank, Product product)
    {
        var price = product.Price is { } amount ? string.Create(CultureInfo.InvariantCulture, $"{amount:0.00} {product.Currency}") : "no price";
        var level = product.AccessLevel == DataAccessLevel.Public ? "" : $", {product.AccessLevel.ToString().ToLowerInvariant()}";
        return Markup.Escape(string.Create(CultureInfo.InvariantCulture, $"{rank + 1}. {SafeText.Shorten(product.Name, NameLength)}"))
            + "\n[grey]" + Markup.Escape($"{price}, {string.Join('/', product.Regions)}{level}") + "[/]";
    }

    private static string Reason(AccessExplanation explanation)
    {
        var rules = explanation.Branches.SelectMany(b => b.Rules).Where(r => !r.Holds).Select(r => r.Rule).Distinct(StringComparer.Ordinal).ToList();
        return rules.Count > 0 ? string.Join("; ", rules) : explanation.RegionRule;
    }
}
