using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>What the suite expects a server to offer, as data: <c>fixtures.json</c> beside this file.</summary>
internal static class FixtureData
{
    private static readonly JsonElement Root = Load();

    public static List<Tool> Tools { get; } = Read<List<Tool>>("tools");

    public static List<Prompt> Prompts { get; } = Read<List<Prompt>>("prompts");

    public static List<Resource> Resources { get; } = Read<List<Resource>>("resources");

    public static List<ResourceTemplate> ResourceTemplates { get; } = Read<List<ResourceTemplate>>("resourceTemplates");

    /// <summary>The answer of a tool that always answers the same; null for every other tool.</summary>
    public static CallToolResult? Result(string tool) =>
        Root.GetProperty("results").TryGetProperty(tool, out var result) ? As<CallToolResult>(result.GetRawText()) : null;

    public static GetPromptResult? Messages(string prompt, IEnumerable<KeyValuePair<string, string>> arguments)
    {
        if (!Root.GetProperty("messages").TryGetProperty(prompt, out var messages))
        {
            return null;
        }

        var text = arguments.Aggregate(messages.GetRawText(), (t, a) => t.Replace($"{{{a.Key}}}", JsonEncodedText.Encode(a.Value).Value, StringComparison.Ordinal));
        return new GetPromptResult { Messages = As<List<PromptMessage>>(text) };
    }

    /// <summary>The content of a fixed resource; null for every other address.</summary>
    public static ResourceContents? Contents(string uri)
    {
        if (!Root.GetProperty("contents").TryGetProperty(uri, out var content))
        {
            return null;
        }

        var type = content.GetProperty("mimeType").GetString();
        return content.TryGetProperty("blob", out var blob)
            ? BlobResourceContents.FromBytes(blob.GetBytesFromBase64(), uri, type)
            : new TextResourceContents { Uri = uri, MimeType = type, Text = content.GetProperty("text").GetString()! };
    }

    public static ElicitRequestParams? Elicitation(string tool) =>
        Root.GetProperty("elicitations").TryGetProperty(tool, out var elicitation) ? As<ElicitRequestParams>(elicitation.GetRawText()) : null;

    public static InputRequest Input(string key) => As<InputRequest>(Root.GetProperty("inputs").GetProperty(key).GetRawText());

    private static T Read<T>(string name) => As<T>(Root.GetProperty(name).GetRawText());

    private static T As<T>(string json) => JsonSerializer.Deserialize<T>(json, McpJsonUtilities.DefaultOptions)!;

    private static JsonElement Load() =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Conformance", "fixtures.json")));
}
