using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp;

/// <summary>Icons as small drawings inside the message, so that a client fetches nothing to show them.</summary>
internal static class McpIcon
{
    /// <summary>An icon of strokes on a 24 × 24 grid, in a grey that can be seen on light and dark.</summary>
    /// <param name="path">Path data of SVG, drawn with quotation marks of neither kind.</param>
    public static IList<Icon> Of(string path) =>
    [
        new Icon
        {
            Source = "data:image/svg+xml," + Uri.EscapeDataString(
                $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#777' stroke-width='2'><path d='{path}'/></svg>"),
            MimeType = "image/svg+xml",
            Sizes = ["any"],
        },
    ];
}
