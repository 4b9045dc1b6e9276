using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// Refuses bodies that two JSON readers could understand differently: not UTF-8, more than one message, repeated keys, keys that
/// differ only in case, NUL or lone surrogates in any string. One pass; O(bytes). The keys of a method's parameters are <see cref="MethodParameters"/>' part.
/// </summary>
internal static class MessageGuard
{
    private const int MaxDepth = 32;

    private static readonly JsonReaderOptions Strict = new() { MaxDepth = MaxDepth, CommentHandling = JsonCommentHandling.Disallow };

    private static readonly string[] EnvelopeKeys = ["jsonrpc", "id", "method", "params", "result", "error"];

    /// <summary>Null when the body is one unambiguous JSON object; otherwise what is wrong with it.</summary>
    public static string? Check(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body))
        {
            return "The body is not UTF-8.";
        }

        try
        {
            return CheckTokens(body);
        }
        catch (JsonException)
        {
            return $"The body is not one JSON object of at most {MaxDepth} levels.";
        }
        catch (InvalidOperationException)
        {
            return "A string holds half of a surrogate pair.";
        }
    }

    private static string? CheckTokens(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body, Strict);
        var keys = new HashSet<string>?[MaxDepth + 1];
        while (reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray when reader.CurrentDepth == 0:
                    return "Batches are not supported: send one message a request.";
                case JsonTokenType.StartObject:
                    keys[reader.CurrentDepth]?.Clear();
                    break;
                case JsonTokenType.PropertyName:
                    var depth = reader.CurrentDepth - 1;
                    var key = reader.GetString()!;
                    if (!(keys[depth] ??= new HashSet<string>(StringComparer.OrdinalIgnoreCase)).Add(key))
                    {
                        return "A key is repeated, or two keys differ only in case.";
                    }

                    if (key.Contains('\0', StringComparison.Ordinal))
                    {
                        return "A key holds a NUL character.";
                    }

                    if (depth == 0 && IsCaseVariant(key))
                    {
                        return "A key of the protocol is written in another case.";
                    }

                    break;
                case JsonTokenType.String when reader.ValueIsEscaped && HoldsNul(ref reader):
                    return "A string holds a NUL character.";
                default:
                    break;
            }
        }

        return null;
    }

    private static bool IsCaseVariant(string key)
    {
        foreach (var name in EnvelopeKeys)
        {
            if (name.Length == key.Length && !string.Equals(name, key, StringComparison.Ordinal) && string.Equals(name, key, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static bool HoldsNul(ref Utf8JsonReader reader)
    {
        var rented = ArrayPool<char>.Shared.Rent(reader.ValueSpan.Length);
        try
        {
            return rented.AsSpan(0, reader.CopyString(rented)).Contains('\0');
        }
        finally
        {
            ArrayPool<char>.Shared.Return(rented);
        }
    }
}
