using System.Text.Encodings.Web;
using System.Text.Json;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Writes the JSON of tool answers without reflection.</summary>
internal static class ToolJson
{
    // The SDK's own encoder, so that an answer is the same bytes whichever way it goes out.
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.Default, SkipValidation = true };

    public static ReadOnlyMemory<byte> Write<T>(T value, Action<Utf8JsonWriter, T> write)
    {
        var buffer = JsonBuffers.Rent();
        try
        {
            using (var json = new Utf8JsonWriter(buffer, Options))
            {
                write(json, value);
            }

            return buffer.WrittenSpan.ToArray();
        }
        finally
        {
            JsonBuffers.Return(buffer);
        }
    }

    /// <summary>Reads a schema written by hand; a mistake in it fails the start.</summary>
    public static JsonElement Schema(string json) => JsonElement.Parse(json);
}
