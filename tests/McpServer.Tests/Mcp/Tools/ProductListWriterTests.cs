using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

/// <summary>Products with all their details: whole as long as there is room, then cut to it.</summary>
public sealed class ProductListWriterTests
{
    [Fact]
    public void Full_RoomEnough_NothingTheIndexerTakesIsCut()
    {
        var product = Large("p", description: 10_000, specifications: 3, values: 50, length: 100) with { Name = new string('n', 1_000) };

        var text = Write(25_000, [product]);

        Assert.Contains(product.Name, text, StringComparison.Ordinal);
        Assert.Contains(product.Description, text, StringComparison.Ordinal);
        Assert.DoesNotContain("…", text, StringComparison.Ordinal);
        Assert.DoesNotContain("without all their details", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Full_ALittleTooLarge_FillsTheRoomAndIsCounted()
    {
        var text = Write(4_000, [Large("p", description: 7_000, specifications: 20, values: 1, length: 50)]);

        Assert.InRange(text.Length, 5_500, 8_000);
        Assert.Contains("1 products are shown without all their details; raise max_tokens or ask for fewer at once.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Full_SmallBesideHuge_OnlyTheHugeOneIsCut()
    {
        var small = Large("s", description: 1_000, specifications: 10, values: 1, length: 20);
        var huge = Large("h", description: 30_000, specifications: 190, values: 50, length: 500);

        var text = Write(20_000, [huge, small]);

        Assert.Contains(small.Description, text, StringComparison.Ordinal);
        Assert.Contains("1 products are shown without all their details", text, StringComparison.Ordinal);
        Assert.Contains("more specifications", text, StringComparison.Ordinal);
        Assert.True(text.Length > 5_000);
    }

    private static string Write(int tokens, Product[] products)
    {
        using var answer = new AnswerWriter(tokens, takesLinks: false);
        new ProductListWriter("c", ProductDetail.Full).Write(answer, products);
        Assert.True(answer.Left >= 0);
        return answer.ToAnswer().Text;
    }

    private static Product Large(string id, int description, int specifications, int values, int length) => new()
    {
        Id = id,
        Name = id,
        AccessLevel = DataAccessLevel.Public,
        AllowedGroups = ["everyone"],
        Description = new string(id[0], description),
        Specifications = Enumerable.Range(0, specifications).ToImmutableSortedDictionary(
            i => $"key {i:000}", _ => Enumerable.Repeat(new string('v', length), values).ToImmutableArray(), StringComparer.Ordinal),
    };
}
