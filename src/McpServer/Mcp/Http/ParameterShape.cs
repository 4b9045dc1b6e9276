using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using ModelContextProtocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// What the SDK binds of a value, taken from its own types, so that no member can be forgotten: the members of an object, which of them must be
/// there, and of which kind each is. The SDK takes names in any case; this does not. What is not bound is not looked at. Immutable once made.
/// </summary>
internal sealed class ParameterShape
{
    /// <summary>Longest name of the sender's own that is repeated to it.</summary>
    private const int MaxShown = 64;

    private readonly Dictionary<string, JsonPropertyInfo> _members = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ParameterShape> _shapes = new(StringComparer.Ordinal);
    private readonly JsonTypeInfo _type;
    private readonly string[] _required;
    private readonly ParameterShape? _element;

    private ParameterShape(Type type, Dictionary<Type, ParameterShape> known)
    {
        known[type] = this;
        _type = McpJsonUtilities.DefaultOptions.GetTypeInfo(type);
        if (_type.Kind is JsonTypeInfoKind.Enumerable or JsonTypeInfoKind.Dictionary)
        {
            _element = Of(_type.ElementType!, known);
        }

        foreach (var member in _type.Kind == JsonTypeInfoKind.Object ? _type.Properties : [])
        {
            _members[member.Name] = member;
            if (member.Set is not null)
            {
                _shapes[member.Name] = Of(member.PropertyType, known);
            }
        }

        _required = [.. _members.Values.Where(m => m.IsRequired).Select(m => m.Name)];
    }

    /// <param name="type">A type of the SDK's.</param>
    /// <param name="known">The shapes made so far; types may hold each other.</param>
    public static ParameterShape Of(Type type, Dictionary<Type, ParameterShape> known) => known.TryGetValue(type, out var shape) ? shape : new ParameterShape(type, known);

    /// <summary>The first fault of the value; null when the SDK can read it. An undefined value is an object without members.</summary>
    public ParameterFault? Check(JsonElement value) => _type.Kind switch
    {
        JsonTypeInfoKind.Object => CheckObject(value),
        JsonTypeInfoKind.Dictionary => CheckDictionary(value),
        JsonTypeInfoKind.Enumerable => CheckItems(value),
        _ => CheckLeaf(value),
    };

    private ParameterFault? CheckObject(JsonElement value)
    {
        if (value.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            return new ParameterFault("", "must be an object");
        }

        // Before what is missing: a name in another case would be both.
        if (value.ValueKind == JsonValueKind.Object && CheckMembers(value) is { } fault)
        {
            return fault;
        }

        var missing = Array.Find(_required, name => RpcEnvelope.Member(value, name).ValueKind == JsonValueKind.Undefined);
        return missing is null ? null : new ParameterFault(missing, "is needed");
    }

    private ParameterFault? CheckMembers(JsonElement value)
    {
        foreach (var member in value.EnumerateObject())
        {
            if (!_members.TryGetValue(member.Name, out var known))
            {
                continue;
            }

            var fault = known.Name != member.Name ? new ParameterFault("", $"is '{known.Name}' in another case", IsCaseVariant: true)
                : !_shapes.TryGetValue(known.Name, out var shape) ? null
                : member.Value.ValueKind != JsonValueKind.Null ? shape.Check(member.Value)
                : known.IsSetNullable ? null
                : new ParameterFault("", "must not be null");
            if (fault is not null)
            {
                return fault.In(member.Name);
            }
        }

        return null;
    }

    private ParameterFault? CheckDictionary(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return new ParameterFault("", "must be an object");
        }

        if (_element!.TakesAnything)
        {
            return null;
        }

        foreach (var entry in value.EnumerateObject())
        {
            if (_element.Check(entry.Value) is { } fault)
            {
                return fault.In(entry.Name.Length <= MaxShown ? entry.Name : "…");
            }
        }

        return null;
    }

    private ParameterFault? CheckItems(JsonElement value)
    {
        if (value.ValueKind != JsonValueKind.Array)
        {
            return new ParameterFault("", "must be an array");
        }

        var index = 0;
        foreach (var item in value.EnumerateArray())
        {
            if (_element!.Check(item) is { } fault)
            {
                return fault.In(string.Create(CultureInfo.InvariantCulture, $"[{index}]"));
            }

            index++;
        }

        return null;
    }

    private bool TakesAnything => _type.Type == typeof(JsonElement) || _type.Type == typeof(object);

    private ParameterFault? CheckLeaf(JsonElement value)
    {
        var type = _type.Type;
        if (TakesAnything)
        {
            return null;
        }

        if (type == typeof(string))
        {
            return value.ValueKind == JsonValueKind.String ? null : new ParameterFault("", "must be a string");
        }

        if (type == typeof(JsonObject))
        {
            return value.ValueKind == JsonValueKind.Object ? null : new ParameterFault("", "must be an object");
        }

        if (type == typeof(bool) || type == typeof(bool?))
        {
            return value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : new ParameterFault("", "must be true or false");
        }

        return IsReadable(value) ? null : new ParameterFault("", "does not have the form the protocol asks for");
    }

    /// <summary>Types with a reader of their own are asked: they say no by throwing.</summary>
    private bool IsReadable(JsonElement value)
    {
        try
        {
            return value.Deserialize(_type) is not null;
        }
        catch (Exception refused) when (refused is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return false;
        }
    }
}
