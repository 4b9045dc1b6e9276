using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Resources;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Prompts;

/// <summary>
/// The messages of a prompt. The words of the server come first; what a person entered stands in them as JSON strings, which no text can end, and
/// products follow as embedded resources. So neither an argument nor a text of the catalog can pass for an instruction of the server.
/// </summary>
internal sealed class PromptDraft
{
    private const int EnteredText = 1_000;

    // Quotation marks, backslashes and angle brackets are escaped, letters of other scripts stay readable.
    private static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.Create(UnicodeRanges.All);

    private readonly StringBuilder _text = new(1_024);
    private readonly List<PromptMessage> _attached = [];

    /// <summary>Words of the server: never a text from outside.</summary>
    public PromptDraft Say(string sentence)
    {
        _text.Append(sentence).Append('\n');
        return this;
    }

    /// <summary>What a person entered, under the argument's name; nothing when it was left out.</summary>
    public PromptDraft Entered(string argument, string? value)
    {
        if (!string.IsNullOrWhiteSpace(value))
        {
            _text.Append("- ").Append(argument).Append(": ").Append(Quote(value)).Append('\n');
        }

        return this;
    }

    /// <summary>A product of the catalog, as data.</summary>
    public PromptDraft Attach(string catalog, Product product, ProductDetail detail)
    {
        var contents = new TextResourceContents
        {
            Uri = ProductUri.Of(catalog, product.Id),
            MimeType = ResourceReader.MediaType,
            Text = ResourceReader.Write(product, detail),
        };
        _attached.Add(new PromptMessage { Role = Role.User, Content = new EmbeddedResourceBlock { Resource = contents } });
        return this;
    }

    public GetPromptResult ToResult(string? description) => new()
    {
        Description = description,
        Messages = [new PromptMessage { Role = Role.User, Content = new TextContentBlock { Text = _text.ToString() } }, .. _attached],
    };

    /// <summary>A text as one JSON string on one line.</summary>
    public static string Quote(string text) => $"\"{JsonEncodedText.Encode(SafeText.Shorten(text.Trim(), EnteredText), Encoder)}\"";
}
