using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>The parameters of a request besides its messages. Those every provider knows become options; the others travel on as they are, for providers of the same protocol.</summary>
internal static class ChatParameters
{
    private const int MaxTools = 128;
    private const int MaxStops = 4;

    /// <summary>Reads one member into options.</summary>
    public static void Read(JsonProperty member, ChatOptions options)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "temperature":
                options.Temperature = Wire.Number(value, member.Name, 0, 2);
                break;
            case "top_p":
                options.TopP = Wire.Number(value, member.Name, 0, 1);
                break;
            case "frequency_penalty":
                options.FrequencyPenalty = Wire.Number(value, member.Name, -2, 2);
                break;
            case "presence_penalty":
                options.PresencePenalty = Wire.Number(value, member.Name, -2, 2);
                break;
            case "seed":
                options.Seed = Wire.Whole(value, member.Name, long.MinValue, long.MaxValue);
                break;
            case "max_tokens" or "max_completion_tokens":
                options.MaxOutputTokens = (int)Wire.Whole(value, member.Name, 1, int.MaxValue);
                break;
            case "n":
                Wire.Whole(value, member.Name, 1, 1);
                break;
            case "stop":
                options.StopSequences = Stops(value);
                break;
            case "tools":
                options.Tools = Tools(Wire.Array(value, member.Name));
                break;
            case "tool_choice":
                options.ToolMode = ToolMode(value);
                break;
            case "parallel_tool_calls":
                options.AllowMultipleToolCalls = Wire.Flag(value, member.Name);
                break;
            case "response_format":
                options.ResponseFormat = Format(Wire.Object(value, member.Name));
                if (value.TryGetProperty("json_schema", out var schema) && schema.TryGetProperty("strict", out var strict) && strict.ValueKind != JsonValueKind.Null)
                {
                    (options.AdditionalProperties ??= [])[ExtraParameters.StrictSchema] = Wire.Flag(strict, "response_format.json_schema.strict");
                }

                break;
            default:
                Extra(options)[member.Name] = value.Clone();
                break;
        }
    }

    /// <summary>Writes what was read into the options of a call.</summary>
    public static void Copy(ChatOptions from, ChatOptions to)
    {
        to.Temperature = from.Temperature;
        to.TopP = from.TopP;
        to.FrequencyPenalty = from.FrequencyPenalty;
        to.PresencePenalty = from.PresencePenalty;
        to.Seed = from.Seed;
        to.MaxOutputTokens = from.MaxOutputTokens;
        to.StopSequences = from.StopSequences;
        to.Tools = from.Tools;
        to.ToolMode = from.ToolMode;
        to.AllowMultipleToolCalls = from.AllowMultipleToolCalls;
        to.ResponseFormat = from.ResponseFormat;
        to.AdditionalProperties = from.AdditionalProperties;
    }

    private static Dictionary<string, JsonElement> Extra(ChatOptions options)
    {
        options.AdditionalProperties ??= [];
        if (options.AdditionalProperties.TryGetValue(ExtraParameters.Property, out var value) && value is Dictionary<string, JsonElement> known)
        {
            return known;
        }

        var extra = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        options.AdditionalProperties[ExtraParameters.Property] = extra;
        return extra;
    }

    private static List<string> Stops(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return [value.GetString()!];
        }

        var stops = Wire.Array(value, "stop").EnumerateArray().Select((s, i) => Wire.Text(s, $"stop[{i}]")).ToList();
        return stops.Count <= MaxStops ? stops : throw Wire.Wrong("stop", $"'stop' has {stops.Count} texts; at most {MaxStops}.");
    }

    private static List<AITool> Tools(JsonElement tools)
    {
        if (tools.GetArrayLength() > MaxTools)
        {
            throw Wire.Wrong("tools", $"'tools' has {tools.GetArrayLength()} tools; at most {MaxTools}.");
        }

        var read = new List<AITool>();
        foreach (var value in tools.EnumerateArray())
        {
            var path = $"tools[{read.Count}]";
            var tool = Wire.Object(value, path);
            if (Wire.Text(Wire.Member(tool, path, "type"), $"{path}.type") is not "function")
            {
                throw Wire.Wrong($"{path}.type", $"'{path}.type' has to be function.");
            }

            read.Add(WireTool.Read(Wire.Object(Wire.Member(tool, path, "function"), $"{path}.function"), $"{path}.function"));
        }

        return read;
    }

    private static ChatToolMode ToolMode(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.String)
        {
            return value.GetString() switch
            {
                "none" => ChatToolMode.None,
                "auto" => ChatToolMode.Auto,
                "required" => ChatToolMode.RequireAny,
                _ => throw Wire.Wrong("tool_choice", "'tool_choice' has to be none, auto, required or a function."),
            };
        }

        var function = Wire.Object(Wire.Member(Wire.Object(value, "tool_choice"), "tool_choice", "function"), "tool_choice.function");
        return ChatToolMode.RequireSpecific(Wire.Text(Wire.Member(function, "tool_choice.function", "name"), "tool_choice.function.name"));
    }

    private static ChatResponseFormat Format(JsonElement format)
    {
        switch (Wire.Text(Wire.Member(format, "response_format", "type"), "response_format.type"))
        {
            case "text":
                return ChatResponseFormat.Text;
            case "json_object":
                return ChatResponseFormat.Json;
            case "json_schema":
                const string path = "response_format.json_schema";
                var schema = Wire.Object(Wire.Member(format, "response_format", "json_schema"), path);
                return ChatResponseFormat.ForJsonSchema(
                    Wire.Object(Wire.Member(schema, path, "schema"), $"{path}.schema").Clone(),
                    Wire.Text(Wire.Member(schema, path, "name"), $"{path}.name"),
                    schema.TryGetProperty("description", out var description) ? Wire.Text(description, $"{path}.description") : null);
            default:
                throw Wire.Wrong("response_format.type", "'response_format.type' has to be text, json_object or json_schema.");
        }
    }
}
