using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>The part of JSON Schema that the tools' schemas use: type, required, properties, additionalProperties, items, enum, pattern, bounds, and anyOf over required.</summary>
internal static class SchemaCheck
{
    public static void Assert(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("type", out var type))
        {
            string[] types = type.ValueKind == JsonValueKind.Array ? [.. type.EnumerateArray().Select(t => t.GetString()!)] : [type.GetString()!];
            Xunit.Assert.True(types.Any(t => Fits(t, value)), $"{path} is no {type}");
        }

        if (schema.TryGetProperty("enum", out var choices))
        {
            Xunit.Assert.Contains(value.GetString(), choices.EnumerateArray().Select(c => c.GetString()));
        }

        Bounds(schema, value, path);
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            foreach (var item in value.EnumerateArray())
            {
                Assert(items, item, path + "[]");
            }
        }

        if (value.ValueKind == JsonValueKind.Object)
        {
            Object(schema, value, path);
        }
    }

    private static void Bounds(JsonElement schema, JsonElement value, string path)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                var text = value.GetString()!;
                InBounds(schema, "minLength", "maxLength", text.EnumerateRunes().Count(), path);
                Xunit.Assert.True(!schema.TryGetProperty("pattern", out var pattern) || Regex.IsMatch(text, pattern.GetString()!), $"{path} does not match {pattern}");
                break;
            case JsonValueKind.Array:
                InBounds(schema, "minItems", "maxItems", value.GetArrayLength(), path);
                break;
            case JsonValueKind.Number:
                InBounds(schema, "minimum", "maximum", value.GetDouble(), path);
                break;
        }
    }

    private static void InBounds(JsonElement schema, string least, string most, double size, string path)
    {
        Xunit.Assert.True(!schema.TryGetProperty(least, out var min) || size >= min.GetDouble(), $"{path} is below {least} {min}");
        Xunit.Assert.True(!schema.TryGetProperty(most, out var max) || size <= max.GetDouble(), $"{path} is above {most} {max}");
    }

    private static void Object(JsonElement schema, JsonElement value, string path)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            Xunit.Assert.All(required.EnumerateArray(), r => Xunit.Assert.True(value.TryGetProperty(r.GetString()!, out _), $"{path} lacks {r}"));
        }

        if (schema.TryGetProperty("anyOf", out var alternatives))
        {
            Xunit.Assert.True(alternatives.EnumerateArray().Any(a => a.GetProperty("required").EnumerateArray().All(r => value.TryGetProperty(r.GetString()!, out _))), $"{path} fits none of {alternatives}");
        }

        var properties = schema.TryGetProperty("properties", out var declared) ? declared : default;
        foreach (var member in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var inner))
            {
                Assert(inner, member.Value, $"{path}.{member.Name}");
            }
            else if (schema.TryGetProperty("additionalProperties", out var additional) && additional.ValueKind == JsonValueKind.Object)
            {
                Assert(additional, member.Value, $"{path}.{member.Name}");
            }
            else
            {
                // Stricter than the standard: an undeclared member of an answer is a schema that lags behind.
                Xunit.Assert.Fail($"{path}.{member.Name} is not in the schema");
            }
        }
    }

    private static bool Fits(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "integer" => value.ValueKind == JsonValueKind.Number && double.IsInteger(value.GetDouble()),
        "number" => value.ValueKind == JsonValueKind.Number,
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => false,
    };
}
