using System.Text.Json;
using System.Text.Unicode;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Reads JSON that somebody else wrote so that nothing of it can fail later: UTF-8, at most 16 levels, no member twice, and only texts that can be read.</summary>
internal static class StrictJson
{
    private const int MaxDepth = 16;

    // A repeated member could be read one way here and another way by its writer.
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>The document, detached from the bytes.</summary>
    /// <exception cref="JsonException">It is no such JSON.</exception>
    public static JsonElement Read(ReadOnlyMemory<byte> bytes)
    {
        if (!Utf8.IsValid(bytes.Span))
        {
            throw new JsonException("The document is not UTF-8.");
        }

        CheckTexts(bytes.Span);
        using var document = JsonDocument.Parse(bytes, Options);
        return document.RootElement.Clone();
    }

    /// <summary>An escape can name half of a surrogate pair. The reader lets it pass, and every look at the text or the name throws.</summary>
    private static void CheckTexts(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    _ = reader.GetString();
                }
            }
        }
        catch (InvalidOperationException half)
        {
            throw new JsonException("A text holds half of a surrogate pair.", half);
        }
    }
}
