using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

/// <summary>What every tool owes to the clients that read its definition.</summary>
public sealed class ToolDefinitionTests(PlatformTools platform) : IClassFixture<PlatformTools>
{
    private List<Tool> Tools => [.. platform.Tools.Select(t => t.Definition)];

    [Fact]
    public void Input_EveryObjectIsClosedAndEveryValueBounded() => Assert.Empty(Tools.SelectMany(t => Loose(t.InputSchema, t.Name, isInput: true)));

    [Fact]
    public void Output_EveryObjectIsClosedAndAnErrorFits()
    {
        Assert.Empty(Tools.SelectMany(t => Loose(t.OutputSchema!.Value, t.Name, isInput: false)));
        var error = JsonElement.Parse(Encoding.UTF8.GetString(ToolError.Create("code", "argument", "message").Structured.Span));
        Assert.All(Tools, t => SchemaCheck.Assert(t.OutputSchema!.Value, error, t.Name));
    }

    [Fact]
    public void Texts_SayWhatForAndFitAScreen() => Assert.All(Tools, t =>
    {
        Assert.Equal("object", t.InputSchema.GetProperty("type").GetString());
        Assert.False(string.IsNullOrWhiteSpace(t.Title));
        Assert.Equal(t.Title, t.Annotations!.Title);
        Assert.InRange(t.Description!.Length, 60, 1_000);
        Assert.NotNull(t.Annotations.ReadOnlyHint);
        Assert.NotNull(t.Annotations.DestructiveHint);
        Assert.NotNull(t.Annotations.IdempotentHint);
        Assert.NotNull(t.Annotations.OpenWorldHint);
    });

    [Fact]
    public void Icons_AreSmallPicturesThatNeedNoRequest()
    {
        Assert.All(Tools, t =>
        {
            var icon = Assert.Single(t.Icons!);
            Assert.InRange(icon.Source.Length, 1, 600);
            Assert.StartsWith("data:image/svg+xml,", icon.Source, StringComparison.Ordinal);
            var svg = XElement.Parse(Uri.UnescapeDataString(icon.Source.Split(',', 2)[1]));
            Assert.Equal("svg", svg.Name.LocalName);
        });
    }

    private static IEnumerable<string> Loose(JsonElement schema, string path, bool isInput)
    {
        var type = schema.TryGetProperty("type", out var named) && named.ValueKind == JsonValueKind.String ? named.GetString() : "";
        if (type == "object" && !schema.TryGetProperty("additionalProperties", out _))
        {
            yield return $"{path} is open";
        }

        if (isInput && type == "string" && !schema.TryGetProperty("maxLength", out _) && !schema.TryGetProperty("enum", out _))
        {
            yield return $"{path} has no greatest length";
        }

        if (isInput && type == "array" && !schema.TryGetProperty("maxItems", out _))
        {
            yield return $"{path} has no greatest number of items";
        }

        var inner = schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(p => (p.Value, Path: $"{path}.{p.Name}"))
            : schema.TryGetProperty("items", out var items) ? [(items, path + "[]")] : [];
        foreach (var fault in inner.SelectMany(i => Loose(i.Item1, i.Path, isInput)))
        {
            yield return fault;
        }
    }
}
