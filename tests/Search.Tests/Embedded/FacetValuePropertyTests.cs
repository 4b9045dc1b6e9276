using AiPlatform.Core.Catalog;
using AiPlatform.Search.Tests.Embedded.Support;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded;

/// <summary>Values found in random catalogs are those a walk over the visible products finds, in the same order.</summary>
public sealed class FacetValuePropertyTests
{
    private const int Catalogs = 120;
    private const int Questions = 30;
    private static readonly string?[] Fields = ["brand", "class", "region", "spec.memory", "spec.colour", null];

    [Fact]
    public async Task Find_RandomTexts_AnswersAsTheWalkOverVisibleProducts()
    {
        var kinds = new int[Enum.GetValues<FacetMatch>().Length];
        for (var round = 0; round < Catalogs; round++)
        {
            var source = Seed.Random(70_000 + round);
            var random = new RandomCatalog(source);
            var products = random.Products(20 + (round * 31 % 200));
            var scope = Given.Scope(random.Policy(), random.Caller());
            var visible = products.Where(p => scope.ProductsIn(Given.Catalog, DateTimeOffset.UtcNow).IsVisible(p)).ToList();
            if (visible.Count == 0)
            {
                continue;
            }

            using var engine = new TestEngine(configure: o => o.SegmentProducts = 64);
            await engine.BuildAsync(products);
            for (var question = 0; question < Questions; question++)
            {
                var field = random.Pick(Fields);
                var counts = Counts(visible, field);
                var query = new FacetValueQuery { Catalog = Given.Catalog, Field = field, Text = Text(source, [.. counts.Keys]), Size = random.Pick([1, 3, 100]) };
                var expected = Expected(counts, query);
                var found = await engine.Catalog.FindFacetValuesAsync(scope, query, default);
                Assert.True(
                    expected.SequenceEqual(found.Select(f => (Keyword.Normalize(f.Value), f.Count, f.Match))),
                    $"{Seed.Of(round)}, question {question}: {query}\n{string.Join(", ", expected)}\n{string.Join(", ", found)}");
                found.ToList().ForEach(f => kinds[(int)f.Match]++);
            }
        }

        Assert.All(kinds, k => Assert.True(k > 20, string.Join(", ", kinds)));
    }

    [Theory]
    [InlineData("brand", 1)]
    [InlineData("brand", 100)]
    [InlineData(null, 100)]
    public async Task Find_Cancelled_Stops(string? field, int size)
    {
        var random = new RandomCatalog(Seed.Random(70_500));
        using var engine = new TestEngine();
        await engine.BuildAsync(random.Products(50));
        var query = new FacetValueQuery { Catalog = Given.Catalog, Field = field, Text = "a", Size = size };
        var scope = Given.Scope(random.Policy(), random.Caller());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => engine.Catalog.FindFacetValuesAsync(scope, query, new CancellationToken(canceled: true)).AsTask());
    }

    private static Dictionary<string, int> Counts(List<Product> visible, string? field) => visible
        .SelectMany(p => (field is null
            ? p.Specifications.Where(s => s.Value.Any(v => Keyword.Normalize(v).Length > 0)).Select(s => Keyword.Normalize(s.Key))
            : ProductFields.Values(p, field)).Distinct())
        .GroupBy(v => v)
        .ToDictionary(g => g.Key, g => g.Count());

    /// <summary>A value, a part of one, or one with a letter lost, doubled, changed or swapped.</summary>
    private static string Text(Random random, string[] values)
    {
        if (values.Length == 0 || random.Next(8) == 0)
        {
            return random.Next(2) == 0 ? "" : "sp";
        }

        var value = values.Order(StringComparer.Ordinal).ToArray()[random.Next(values.Length)];
        var at = random.Next(value.Length);
        return random.Next(8) switch
        {
            0 => value.ToUpperInvariant(),
            1 => value[..at],
            2 => value[at..],
            3 => value.Remove(at, 1),
            4 => value.Insert(at, "x"),
            6 => value[(value.LastIndexOf(' ') + 1)..],
            5 when at > 0 => string.Concat(value.AsSpan(0, at - 1), value.AsSpan(at, 1), value.AsSpan(at - 1, 1), value.AsSpan(at + 1)),
            _ => value[..at] + "q" + value[(at + 1)..],
        };
    }

    private static List<(string Value, int Count, FacetMatch Match)> Expected(Dictionary<string, int> counts, FacetValueQuery query)
    {
        var text = Keyword.Normalize(query.Text);
        return [.. counts
            .Select(c => (c.Key, c.Value, How: How(c.Key, text)))
            .Where(c => c.How.Edits >= 0)
            .OrderBy(c => c.How.Match).ThenBy(c => c.How.Edits).ThenByDescending(c => c.Value).ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(query.Size)
            .Select(c => (c.Key, c.Value, c.How.Match))];
    }

    private static (FacetMatch Match, int Edits) How(string value, string text)
    {
        var starts = Enumerable.Range(0, value.Length - Math.Min(value.Length, text.Length) + 1).Where(i => value[i..].StartsWith(text, StringComparison.Ordinal)).ToList();
        if (starts.Count > 0)
        {
            return (starts[0] == 0 ? value == text && text.Length > 0 ? FacetMatch.Exact : FacetMatch.Prefix
                : starts.Exists(i => !char.IsLetterOrDigit(value[i - 1])) ? FacetMatch.WordPrefix : FacetMatch.Contains, 0);
        }

        var edits = Edits(value, text, value.Length, text.Length);
        return (FacetMatch.Near, edits <= (text.Length < 3 ? 0 : text.Length < 5 ? 1 : 2) ? edits : -1);
    }

    /// <summary>The definition, cut off at three.</summary>
    private static int Edits(string a, string b, int i, int j, int spent = 0)
    {
        if (spent > 2 || Math.Abs(i - j) > 2 - spent)
        {
            return 3;
        }

        if (i == 0 || j == 0)
        {
            return i + j;
        }

        if (a[i - 1] == b[j - 1])
        {
            return Edits(a, b, i - 1, j - 1, spent);
        }

        var best = 1 + Math.Min(Math.Min(Edits(a, b, i - 1, j, spent + 1), Edits(a, b, i, j - 1, spent + 1)), Edits(a, b, i - 1, j - 1, spent + 1));
        return i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] ? Math.Min(best, 1 + Edits(a, b, i - 2, j - 2, spent + 1)) : best;
    }
}
