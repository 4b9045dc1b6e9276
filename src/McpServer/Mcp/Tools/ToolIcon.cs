using System.Text;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Draws the icon of a tool: lines on a grid of 24, as a picture that needs no request.</summary>
internal static class ToolIcon
{
    private const string MediaType = "image/svg+xml";

    /// <param name="path">Path data of the picture.</param>
    public static IList<Icon> Of(string path)
    {
        // A grey that can be read on light and on dark.
        var svg = $"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' stroke='#777' stroke-width='2'><path d='{path}'/></svg>";
        return [new Icon { Source = $"data:{MediaType};base64,{Convert.ToBase64String(Encoding.ASCII.GetBytes(svg))}", MimeType = MediaType, Sizes = ["any"] }];
    }
}
