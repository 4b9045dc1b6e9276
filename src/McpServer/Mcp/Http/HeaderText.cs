using Microsoft.Extensions.Primitives;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Values of the protocol in headers: visible ASCII as it is, anything else in Base64.</summary>
internal static class HeaderText
{
    /// <summary>Whether a header, sent once, says a text. Compared character by character.</summary>
    public static bool Says(StringValues header, string wanted)
    {
        if (header.Count != 1 || header[0] is not { } value || !value.All(c => c is >= ' ' and <= '~'))
        {
            return false;
        }

        return string.Equals(value, wanted, StringComparison.Ordinal)
            || (value.StartsWith("=?base64?", StringComparison.Ordinal) && string.Equals(McpHeaderEncoder.DecodeValue(value), wanted, StringComparison.Ordinal));
    }
}
