using System.Text.Json;
using AiPlatform.Router.Calls;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Values of a request by their kind, told by path where they are of another.</summary>
internal static class Wire
{
    public static RouterException Wrong(string? path, string message) => new(RouterFault.InvalidRequest, message) { Argument = path };

    public static JsonElement Object(JsonElement value, string? path) => value.ValueKind == JsonValueKind.Object ? value : throw Kind(path, "an object", value);

    public static JsonElement Array(JsonElement value, string path) => value.ValueKind == JsonValueKind.Array ? value : throw Kind(path, "a list", value);

    public static string Text(JsonElement value, string path) => value.ValueKind == JsonValueKind.String ? value.GetString()! : throw Kind(path, "a text", value);

    public static bool Flag(JsonElement value, string path) => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : throw Kind(path, "true or false", value);

    public static float Number(JsonElement value, string path, float least, float most)
    {
        if (value.ValueKind != JsonValueKind.Number)
        {
            throw Kind(path, "a number", value);
        }

        var number = value.GetSingle();
        return number >= least && number <= most ? number : throw Wrong(path, $"'{path}' is {value.GetRawText()}; it has to be from {least} to {most}.");
    }

    public static long Whole(JsonElement value, string path, long least, long most) =>
        value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number >= least && number <= most ? number : throw Wrong(path, $"'{path}' is {number}; it has to be from {least} to {most}.")
            : throw Kind(path, "a whole number", value);

    /// <summary>A member that has to be there.</summary>
    public static JsonElement Member(JsonElement parent, string path, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : throw Wrong($"{path}.{name}", $"'{path}' lacks '{name}'.");

    private static RouterException Kind(string? path, string wanted, JsonElement value) => Wrong(path, $"{(path is null ? "The body" : $"'{path}'")} has to be {wanted}, not {NameOf(value.ValueKind)}.");

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };
}
