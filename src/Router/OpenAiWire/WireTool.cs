using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>A function that a caller's model may ask for; the caller runs it, never the platform.</summary>
internal sealed class WireTool : AIFunctionDeclaration
{
    private static readonly JsonElement NoParameters = JsonDocument.Parse("""{"type":"object","properties":{}}""").RootElement.Clone();

    private WireTool(string name, string description, JsonElement schema, bool? strict) => (Name, Description, JsonSchema, Strict) = (name, description, schema, strict);

    public override string Name { get; }

    public override string Description { get; }

    public override JsonElement JsonSchema { get; }

    /// <summary>Whether arguments have to fit the schema exactly; null when not said.</summary>
    public bool? Strict { get; }

    public static WireTool Read(JsonElement function, string path) => new(
        Wire.Text(Wire.Member(function, path, "name"), $"{path}.name"),
        function.TryGetProperty("description", out var description) && description.ValueKind != JsonValueKind.Null ? Wire.Text(description, $"{path}.description") : "",
        function.TryGetProperty("parameters", out var parameters) && parameters.ValueKind != JsonValueKind.Null ? Wire.Object(parameters, $"{path}.parameters").Clone() : NoParameters,
        function.TryGetProperty("strict", out var strict) && strict.ValueKind != JsonValueKind.Null ? Wire.Flag(strict, $"{path}.strict") : null);
}
