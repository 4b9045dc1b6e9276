using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace AiPlatform.Indexer.Sources;

/// <summary>Reads one JSON object into a row tree.</summary>
internal static class JsonRow
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = SourceLimits.Depth, CommentHandling = JsonCommentHandling.Disallow };

    /// <summary>Answers the row, or the fault.</summary>
    public static (RowNode? Value, RowFault? Fault) Parse(ReadOnlySpan<byte> utf8)
    {
        try
        {
            var reader = new Utf8JsonReader(utf8, Strict);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return (null, new RowFault("invalid_json", $"A row must be a JSON object; this line holds a {reader.TokenType.ToString().ToLowerInvariant()}."));
            }

            string? repeated = null;
            var row = Node(ref reader, ref repeated);
            if (reader.Read())
            {
                return (null, new RowFault("invalid_json", "There is something behind the object."));
            }

            return repeated is null
                ? (row, null)
                : (null, new RowFault("duplicate_key", $"The name '{Excerpt(repeated)}' stands twice in one object, and nothing says which one counts."));
        }
        catch (JsonException e)
        {
            return (null, new RowFault("invalid_json", $"Not JSON at byte {e.BytePositionInLine}: {Shorten(e.Message)}"));
        }
        catch (InvalidOperationException e) when (e.InnerException is DecoderFallbackException)
        {
            return (null, new RowFault("invalid_encoding", "A text is not valid UTF-8."));
        }
    }

    private static RowNode Node(ref Utf8JsonReader reader, ref string? repeated) => reader.TokenType switch
    {
        JsonTokenType.StartObject => Map(ref reader, ref repeated),
        JsonTokenType.StartArray => List(ref reader, ref repeated),
        JsonTokenType.String => RowNode.OfText(reader.GetString()!),
        JsonTokenType.Number => RowNode.OfNumber(Encoding.UTF8.GetString(reader.ValueSpan)),
        JsonTokenType.True => RowNode.True,
        JsonTokenType.False => RowNode.False,
        _ => RowNode.Null,
    };

    private static RowNode Map(ref Utf8JsonReader reader, ref string? repeated)
    {
        const int Usual = 8;
        var members = ImmutableArray.CreateBuilder<KeyValuePair<string, RowNode>>(Usual);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var name = (reader.ValueIsEscaped ? null : RowNames.Of(reader.ValueSpan)) ?? reader.GetString()!;
            reader.Read();
            members.Add(new(name, Node(ref reader, ref repeated)));
        }

        repeated ??= RowNode.RepeatedName(members);
        return RowNode.OfUniqueMap(members.DrainToImmutable());
    }

    private static RowNode List(ref Utf8JsonReader reader, ref string? repeated)
    {
        var items = ImmutableArray.CreateBuilder<RowNode>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Node(ref reader, ref repeated));
        }

        return RowNode.OfList(items.DrainToImmutable());
    }

    private static string Excerpt(string name) => name.Length <= 80 ? name : name[..80] + "…";

    private static string Shorten(string message)
    {
        // The runtime appends "LineNumber: 0 | BytePositionInLine: n.", which names the line inside the row.
        var cut = message.IndexOf(" LineNumber:", StringComparison.Ordinal);
        return cut < 0 ? message : message[..cut];
    }
}
