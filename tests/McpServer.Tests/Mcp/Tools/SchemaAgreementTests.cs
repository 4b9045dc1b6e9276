using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Tests.Fixtures;
using Xunit.Sdk;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

/// <summary>Values at the edges of every argument: what the schema accepts the server accepts, and what the schema refuses the server refuses.</summary>
public sealed class SchemaAgreementTests(TestServer server) : IClassFixture<TestServer>
{
    public static TheoryData<string, string> Calls => new()
    {
        { "search_products", """{"catalog":"sample"}""" },
        { "get_products", """{"catalog":"sample","ids":["e-01"]}""" },
        { "find_similar_products", """{"catalog":"sample","id":"e-01"}""" },
        { "compare_products", """{"catalog":"sample","ids":["e-01","e-02"]}""" },
        { "list_facets", """{"catalog":"sample"}""" },
        { "suggest_queries", """{"catalog":"sample","prefix":"a"}""" },
        { "explain_access", """{"catalog":"sample","id":"e-01","groups":["partners"]}""" },
        { "whoami", "{}" },
    };

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task Schema_AndServer_Agree(string tool, string call)
    {
        using var request = RawMcp.Post(server.Administrator, """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""", await server.OpenSessionAsync(server.Administrator));
        using var response = await server.Http.SendAsync(request);
        var tools = (await RawMcp.MessageAsync(response)).GetProperty("result").GetProperty("tools");
        var schema = tools.EnumerateArray().Single(t => t.GetProperty("name").GetString() == tool).GetProperty("inputSchema");
        var differences = new List<string>();
        foreach (var arguments in Edges(schema, JsonNode.Parse(call)!.AsObject()).Select(a => a.ToJsonString()))
        {
            var refusal = await RefusalAsync(tool, arguments);
            if (Fault(schema, arguments) is var fault && fault is null != refusal is null)
            {
                differences.Add($"{(arguments.Length > 200 ? arguments[..200] : arguments)}: schema {fault ?? "accepts"}, server {refusal ?? "accepts"}");
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    private static IEnumerable<JsonObject> Edges(JsonElement schema, JsonObject call)
    {
        // A cursor and a key are judged by what they stand for; an operator by the values that go with it.
        foreach (var property in schema.GetProperty("properties").EnumerateObject().Where(p => p.Name is not ("cursor" or "key_prefix" or "operator")))
        {
            foreach (var value in Values(property.Name, property.Value))
            {
                var changed = call.DeepClone().AsObject();
                changed[property.Name] = value;
                foreach (var (name, more) in Companions(property.Name, call))
                {
                    changed[name] = more;
                }

                yield return changed;
            }
        }
    }

    /// <summary>What a member of a specification needs beside it.</summary>
    private static IEnumerable<(string Name, JsonNode Value)> Companions(string name, JsonObject call) => (call.ContainsKey("operator"), name) switch
    {
        (true, "values") => [("operator", "in")],
        (true, "min" or "max") => [("operator", "range")],
        _ => [],
    };

    private static IEnumerable<JsonNode?> Values(string name, JsonElement schema) => schema.GetProperty("type").GetString() switch
    {
        "string" => Texts(name, schema).Concat([null, JsonNode.Parse("7"), JsonNode.Parse("[]")]),
        "array" => Lists(name, schema).Concat([null, "x", JsonNode.Parse("{}")]),
        "boolean" => new[] { "true", "false", "null", "1", "\"true\"" }.Select(v => JsonNode.Parse(v)),
        _ => Numbers(schema).Concat(["null", "\"7\"", "true"]).Select(v => JsonNode.Parse(v)),
    };

    private static IEnumerable<JsonNode?> Texts(string name, JsonElement schema)
    {
        if (schema.TryGetProperty("enum", out var choices))
        {
            return choices.EnumerateArray().Select(c => c.GetString()!).Concat(["", " ", "other"]).Select(c => (JsonNode?)c);
        }

        var most = schema.GetProperty("maxLength").GetInt32();
        // Only fields that exist can be counted.
        var start = name is "facets" or "fields" ? "spec." : "";
        return new[] { "", " ", "\t\n", start + "a", Repeated("a", most), Repeated("a", most + 1), Repeated("😀", most), Repeated("😀", most + 1) }.Select(t => (JsonNode?)t);

        string Repeated(string text, int count) => start + string.Concat(Enumerable.Repeat(text, count - start.Length));
    }

    private static IEnumerable<JsonNode?> Lists(string name, JsonElement schema)
    {
        var items = schema.GetProperty("items");
        if (items.GetProperty("type").GetString() == "object")
        {
            var item = JsonNode.Parse(name == "specifications" ? """{"name":"color","operator":"exists"}""" : """{"name":"a","value":"b"}""")!.AsObject();
            return Edges(items, item).Select(o => (JsonNode?)new JsonArray(o)).Append(new JsonArray()).Append(new JsonArray(1));
        }

        var good = Texts(name, items).Select(t => t!.GetValue<string>()).First(t => t.Trim().Length > 0);
        var least = schema.GetProperty("minItems").GetInt32();
        var most = schema.GetProperty("maxItems").GetInt32();
        return Texts(name, items).Append(null).Append(1)
            .Select(t => (JsonNode?)new JsonArray([t, .. Enumerable.Range(1, least - 1).Select(i => JsonValue.Create($"b{i}"))]))
            .Concat(new[] { 0, least, most, most + 1 }.Select(n => (JsonNode?)new JsonArray([.. Enumerable.Range(0, n).Select(i => JsonValue.Create(items.TryGetProperty("enum", out _) ? good : $"{good}{i}"))])));
    }

    private static IEnumerable<string> Numbers(JsonElement schema)
    {
        var (min, max) = (schema.GetProperty("minimum").GetDecimal(), schema.GetProperty("maximum").GetDecimal());
        return new[] { min, max, min - 1, max + 1 }.Select(n => n.ToString(CultureInfo.InvariantCulture))
            .Concat([$"{min.ToString(CultureInfo.InvariantCulture)}.0", $"{max.ToString(CultureInfo.InvariantCulture)}.5", "0.7e1", "7.0", "7.5", "1e308", "-1e308"]);
    }

    private static string? Fault(JsonElement schema, string arguments)
    {
        try
        {
            SchemaCheck.Assert(schema, JsonElement.Parse(arguments), "");
            return null;
        }
        catch (XunitException refused)
        {
            return refused.Message;
        }
    }

    /// <summary>The server's words about an argument it refuses; null for an answer and for what a right argument can meet.</summary>
    private async Task<string?> RefusalAsync(string tool, string arguments)
    {
        var structured = (await server.CallAsync(server.Administrator, tool, arguments)).GetProperty("result").GetProperty("structuredContent");
        return structured.TryGetProperty("error", out var error) && error.GetProperty("code").GetString() is not ("not_found" or "unknown_catalog")
            ? error.GetProperty("message").GetString()
            : null;
    }
}
