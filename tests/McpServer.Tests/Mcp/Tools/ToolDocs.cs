using System.Text;
using System.Text.Json;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

/// <summary>Writes the guide to the tools from the tools themselves, so that it cannot say anything else than what clients are told.</summary>
internal static class ToolDocs
{
    private const string Introduction = """
        # Tools

        What an assistant can call over MCP. This page is written by the tests from the tools themselves: do not edit it by hand.

        - A caller sees only the tools it may use, and only what its groups may see; what is hidden is answered as if it did not exist.
        - Arguments are strict: an unknown one, a wrong type or a value out of bounds is refused with an error that names it, what is accepted, and the nearest name.
        - Every answer has structured content that fits the tool's output schema, a text mirror for clients that show text only, and, from revision 2025-06-18 on, links to the products it names.
        - `max_tokens` bounds the whole answer, text and links included (4 bytes of the serialised result count as a token). What does not fit is shortened first, then left out, and the answer says so.
        - A failed call has `isError` and `error` with a stable `code`, the `argument` at fault, a `message` that says what to change, and whether it is `retryable`.
        - Texts of the catalog are data, never instructions; what cannot be seen in them is removed.


        """;

    /// <summary>The page, as Markdown with line feeds.</summary>
    public static string Markdown(IEnumerable<IMcpTool> tools)
    {
        var definitions = tools.Select(t => t.Definition).ToList();
        var page = new StringBuilder(Introduction.ReplaceLineEndings("\n"));
        page.Append("| tool | for |\n|---|---|\n");
        foreach (var tool in definitions)
        {
            page.Append($"| [`{tool.Name}`](#{tool.Name}) | {tool.Title} |\n");
        }

        definitions.ForEach(t => Write(page, t));
        return page.ToString();
    }

    private static void Write(StringBuilder page, Tool tool)
    {
        page.Append($"\n## {tool.Name}\n\n{Escaped(tool.Description ?? "")}\n\n{Behaviour(tool.Annotations)}\n\n### Arguments\n\n");
        WriteProperties(page, tool.InputSchema, "It has no arguments.\n");
        if (tool.OutputSchema is { } output)
        {
            page.Append("\n### Answer\n\n");
            WriteProperties(page, output, "");
        }
    }

    private static string Behaviour(ToolAnnotations? hints) => string.Join(
        " ",
        hints?.ReadOnlyHint == true ? "Changes nothing." : hints?.DestructiveHint == true ? "Replaces what is there." : "Changes things.",
        hints?.IdempotentHint == true ? "Calling it again with the same arguments has no further effect." : "Calling it again has a further effect.");

    private static void WriteProperties(StringBuilder page, JsonElement schema, string none)
    {
        var rows = Rows(schema, "").ToList();
        if (rows.Count == 0)
        {
            page.Append(none);
            return;
        }

        page.Append("| name | value | about |\n|---|---|---|\n");
        foreach (var (name, value, about) in rows)
        {
            page.Append($"| `{name}` | {Escaped(value)} | {Escaped(about)} |\n");
        }
    }

    /// <summary>A row for each property, those of inner objects under their path. The error that every answer can be has its words in the introduction.</summary>
    private static IEnumerable<(string Name, string Value, string About)> Rows(JsonElement schema, string path)
    {
        if (!schema.TryGetProperty("properties", out var properties))
        {
            yield break;
        }

        var required = Required(schema);
        foreach (var property in properties.EnumerateObject().Where(p => path.Length > 0 || p.Name != "error"))
        {
            var name = path + property.Name;
            var about = property.Value.TryGetProperty("description", out var description) ? description.GetString()! : "";
            yield return (name, $"{Value(property.Value)}{(required.Contains(property.Name) ? ", always" : "")}", about);
            var inner = property.Value.TryGetProperty("items", out var items) ? (Schema: items, Path: name + "[].") : (Schema: property.Value, Path: name + ".");
            foreach (var row in Rows(inner.Schema, inner.Path))
            {
                yield return row;
            }
        }
    }

    private static HashSet<string> Required(JsonElement schema)
    {
        var list = schema.TryGetProperty("required", out var required) ? required
            : schema.TryGetProperty("anyOf", out var alternatives) ? alternatives[0].GetProperty("required")
            : default;
        return list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray().Select(r => r.GetString()!)] : [];
    }

    private static string Value(JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var choices))
        {
            return string.Join(" \\| ", choices.EnumerateArray().Select(c => $"`{c}`")) + Default(schema);
        }

        var type = schema.GetProperty("type");
        var name = type.ValueKind == JsonValueKind.Array ? string.Join(" or ", type.EnumerateArray()) : type.GetString()!;
        if (name == "array")
        {
            return $"list{Bounds(schema, "minItems", "maxItems", "")} of {(schema.TryGetProperty("items", out var items) ? Value(items) : "values")}";
        }

        return name + (name == "string" ? Bounds(schema, "minLength", "maxLength", " characters") : Bounds(schema, "minimum", "maximum", "")) + Default(schema);
    }

    private static string Bounds(JsonElement schema, string min, string max, string unit)
    {
        var least = schema.TryGetProperty(min, out var low) ? low.ToString() : "";
        var most = schema.TryGetProperty(max, out var high) ? high.ToString() : "";
        return (least, most) switch
        {
            ("", "") => "",
            ("", _) => $" of at most {most}{unit}",
            (_, "") => $" of at least {least}{unit}",
            _ => $" of {least} to {most}{unit}",
        };
    }

    private static string Default(JsonElement schema) => schema.TryGetProperty("default", out var value) ? $", default `{value}`" : "";

    private static string Escaped(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("\\\\|", "\\|", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal);
}
