using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Text;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>The arguments of a call, read strictly: no type is converted into another, every bound is checked, every fault names the argument.</summary>
internal sealed class ToolArguments
{
    private readonly Dictionary<string, JsonElement> _values;
    private readonly string _path;

    private ToolArguments(Dictionary<string, JsonElement> values, string path)
    {
        _values = values;
        _path = path;
    }

    public static ToolArguments From(IEnumerable<KeyValuePair<string, JsonElement>>? values) =>
        new(values is null ? new(StringComparer.Ordinal) : new(values, StringComparer.Ordinal), "");

    /// <summary>Refuses arguments that are not among the allowed ones, naming the nearest allowed one, and those that are null: no schema admits it.</summary>
    public void AllowOnly(IReadOnlyCollection<string> allowed)
    {
        foreach (var (name, value) in _values)
        {
            if (!allowed.Contains(name))
            {
                var shown = Shown(name);
                var near = NearestName.Of(name, allowed);
                throw new ToolArgumentException(
                    ToolArgumentException.Unknown,
                    _path + shown,
                    (near is null ? $"There is no argument '{shown}'." : $"There is no argument '{shown}'; did you mean '{near}'?") + (allowed.Count == 0 ? " There are none: leave it out." : $" Allowed: {string.Join(", ", allowed)}."));
            }

            if (value.ValueKind == JsonValueKind.Null)
            {
                throw Fault(name, "must not be null: give it a value, or leave it out when it is not needed");
            }
        }
    }

    public bool Has(string name) => _values.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>What was written, unchecked; null when it is no text.</summary>
    public string? Written(string name) => Has(name) && _values[name].ValueKind == JsonValueKind.String ? _values[name].GetString() : null;

    public string? Text(string name, int maxLength) =>
        !Has(name) ? null
        : _values[name].ValueKind != JsonValueKind.String ? throw Fault(name, "must be a string")
        : Bounded(name, _values[name].GetString()!, maxLength);

    public string RequiredText(string name, int maxLength) =>
        Text(name, maxLength) is { } text && !string.IsNullOrWhiteSpace(text) ? text : throw MissingOne(name);

    public bool Flag(string name, bool otherwise) =>
        !Has(name) ? otherwise
        : _values[name].ValueKind is JsonValueKind.True or JsonValueKind.False ? _values[name].GetBoolean()
        : throw Fault(name, "must be true or false");

    /// <summary>A whole number, however it is written: 7.0 is one.</summary>
    public int Whole(string name, int min, int max, int otherwise)
    {
        if (!Has(name))
        {
            return otherwise;
        }

        return _values[name].ValueKind == JsonValueKind.Number && _values[name].TryGetDecimal(out var number) && number >= min && number <= max && decimal.IsInteger(number)
            ? (int)number
            : throw Fault(name, $"must be a whole number from {min} to {max}");
    }

    public decimal? Number(string name, decimal min, decimal max)
    {
        if (!Has(name))
        {
            return null;
        }

        return _values[name].ValueKind == JsonValueKind.Number && _values[name].TryGetDecimal(out var number) && number >= min && number <= max
            ? number
            : throw Fault(name, string.Create(CultureInfo.InvariantCulture, $"must be a number from {min} to {max}"));
    }

    public T Choice<T>(string name, IReadOnlyDictionary<string, T> choices, T otherwise)
    {
        if (!Has(name))
        {
            return otherwise;
        }

        return _values[name].ValueKind == JsonValueKind.String && choices.TryGetValue(_values[name].GetString()!, out var chosen)
            ? chosen
            : throw NotAmong(name, _values[name].ValueKind == JsonValueKind.String ? _values[name].GetString()! : "", choices.Keys);
    }

    /// <summary>A list of strings, none empty; empty when the argument is absent.</summary>
    public ImmutableArray<string> Texts(string name, int maxItems, int maxLength) =>
        Has(name) ? TextsOf(name, maxItems, maxLength, "; leave it out for no limit") : [];

    /// <summary>A list of at least one string, none empty.</summary>
    public ImmutableArray<string> RequiredTexts(string name, int maxItems, int maxLength) =>
        Has(name) ? TextsOf(name, maxItems, maxLength, "") : throw MissingOne(name);

    private ImmutableArray<string> TextsOf(string name, int maxItems, int maxLength, string advice)
    {
        if (_values[name].ValueKind != JsonValueKind.Array)
        {
            throw Fault(name, "must be a list of strings");
        }

        var count = _values[name].GetArrayLength();
        if (count == 0 || count > maxItems)
        {
            throw Fault(name, $"must hold 1 to {maxItems} values{advice}");
        }

        var texts = ImmutableArray.CreateBuilder<string>(count);
        foreach (var item in _values[name].EnumerateArray())
        {
            texts.Add(item.ValueKind == JsonValueKind.String && !string.IsNullOrWhiteSpace(item.GetString())
                ? Bounded(name, item.GetString()!, maxLength)
                : throw Fault(name, "must be a list of non-empty strings"));
        }

        return texts.MoveToImmutable();
    }

    /// <summary>A list of objects; empty when the argument is absent.</summary>
    public IEnumerable<ToolArguments> Objects(string name, int maxItems)
    {
        if (!Has(name))
        {
            yield break;
        }

        if (_values[name].ValueKind != JsonValueKind.Array || _values[name].GetArrayLength() > maxItems)
        {
            throw Fault(name, $"must be a list of at most {maxItems} objects");
        }

        var index = 0;
        foreach (var item in _values[name].EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object)
            {
                throw Fault(name, "must be a list of objects");
            }

            var members = item.EnumerateObject().Select(p => KeyValuePair.Create(p.Name, p.Value));
            yield return new ToolArguments(new Dictionary<string, JsonElement>(members, StringComparer.Ordinal), $"{_path}{name}[{index++}].");
        }
    }

    public ToolArgumentException Fault(string name, string problem) =>
        new(ToolArgumentException.Invalid, _path + name, $"'{_path}{name}' {problem}.");

    /// <summary>A fault that names what is accepted, and what was probably meant.</summary>
    public ToolArgumentException NotAmong(string name, string written, IEnumerable<string> accepted)
    {
        var near = NearestName.Of(written, accepted);
        return new(
            ToolArgumentException.Invalid, _path + name, $"'{_path}{name}' must be one of {string.Join(", ", accepted)}{(near is null ? "." : $"; did you mean '{near}'?")}");
    }

    public ToolArgumentException MissingOne(string name) =>
        new(ToolArgumentException.Missing, _path + name, $"'{_path}{name}' is needed and must not be empty.");

    /// <summary>Characters are those of Unicode, as a JSON schema counts them.</summary>
    private string Bounded(string name, string value, int maxLength) =>
        value.Length <= maxLength || value.EnumerateRunes().Count() <= maxLength ? value : throw Fault(name, $"must be at most {maxLength} characters");

    private static string Shown(string name) => SafeText.Clean(name.Length <= 64 ? name : name[..64]);
}
