using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>
/// Writes one answer under a budget: structured content, text mirror and links together. What must be in the answer is written to
/// <see cref="Json"/> and <see cref="Text"/>; what may be left out goes through <see cref="TryAdd"/>. For one thread; dispose after use.
/// </summary>
internal sealed class AnswerWriter : IDisposable
{
    /// <summary>What stands around content and structured content in a result, the server's own description included.</summary>
    private const int EnvelopeBytes = 640;

    private readonly ArrayBufferWriter<byte> _bytes = JsonBuffers.Rent();
    private readonly ArrayBufferWriter<byte> _draft = JsonBuffers.Rent();
    private readonly Utf8JsonWriter _drafter;
    private readonly ImmutableArray<ProductLink>.Builder _links = ImmutableArray.CreateBuilder<ProductLink>();
    private readonly bool _takesLinks;
    private readonly long _limit;
    private int _measured;
    private long _textBytes;
    private long _linkBytes;

    public AnswerWriter(int tokens, bool takesLinks)
    {
        _takesLinks = takesLinks;
        _limit = ((long)tokens * AnswerBudget.BytesPerToken) - EnvelopeBytes;
        _drafter = new Utf8JsonWriter(_draft, ToolJson.Options);
        Json = new Utf8JsonWriter(_bytes, ToolJson.Options);
        Json.WriteStartObject();
    }

    /// <summary>The structured content, inside its object.</summary>
    public Utf8JsonWriter Json { get; }

    /// <summary>The text mirror.</summary>
    public StringBuilder Text { get; } = TextBuffers.Rent();

    /// <summary>Bytes of the budget that are left.</summary>
    public long Left => _limit - Json.BytesCommitted - Json.BytesPending - TextBytes() - _linkBytes;

    /// <summary>Adds what is drawn, one JSON value and its text, when there is room for it; otherwise leaves no trace.</summary>
    /// <param name="item">Handed to <paramref name="draw"/>.</param>
    /// <param name="keep">Bytes that must stay free.</param>
    /// <param name="draw">Draws the item.</param>
    public bool TryAdd<T>(T item, long keep, Action<Utf8JsonWriter, StringBuilder, T> draw)
    {
        var room = Left - keep;
        var start = Text.Length;
        if (Draw(item, draw) + JsonSize.Of(Text, start) > room)
        {
            Text.Length = start;
            return false;
        }

        Json.WriteRawValue(_draft.WrittenSpan, skipInputValidation: true);
        return true;
    }

    /// <summary>What an item would cost, in bytes.</summary>
    public int Measure<T>(T item, Action<Utf8JsonWriter, StringBuilder, T> draw)
    {
        var start = Text.Length;
        var bytes = Draw(item, draw) + JsonSize.Of(Text, start);
        Text.Length = start;
        return bytes;
    }

    /// <summary>Links to a product the answer names, when the client knows links and there is room.</summary>
    public void Link(string catalog, Product product)
    {
        if (!_takesLinks)
        {
            return;
        }

        var link = ListedProduct.Of(product).LinkIn(catalog);
        if (link.Bytes <= Left)
        {
            _links.Add(link);
            _linkBytes += link.Bytes;
        }
    }

    /// <summary>Writes a member when there is something to say.</summary>
    public void Optional(string name, string? value)
    {
        if (value is not null)
        {
            Json.WriteString(name, value);
        }
    }

    /// <summary>Writes a member when the number is above zero.</summary>
    public void Optional(string name, int count)
    {
        if (count > 0)
        {
            Json.WriteNumber(name, count);
        }
    }

    /// <summary>Ends the answer.</summary>
    public ToolAnswer ToAnswer()
    {
        Json.WriteEndObject();
        Json.Flush();
        return new ToolAnswer(_bytes.WrittenSpan.ToArray(), Text.ToString(), IsError: false) { Links = _links.ToImmutable() };
    }

    public void Dispose()
    {
        // Before the buffers go back: a writer flushes what it still holds.
        Json.Dispose();
        _drafter.Dispose();
        JsonBuffers.Return(_bytes);
        JsonBuffers.Return(_draft);
        TextBuffers.Return(Text);
    }

    /// <summary>Draws into the draft and behind the text; answers the bytes of the draft, a comma included.</summary>
    private int Draw<T>(T item, Action<Utf8JsonWriter, StringBuilder, T> draw)
    {
        _ = TextBytes();
        _draft.ResetWrittenCount();
        _drafter.Reset();
        draw(_drafter, Text, item);
        _drafter.Flush();
        return _draft.WrittenCount + 1;
    }

    private long TextBytes()
    {
        if (_measured < Text.Length)
        {
            _textBytes += JsonSize.Of(Text, _measured);
            _measured = Text.Length;
        }

        return _textBytes;
    }
}
