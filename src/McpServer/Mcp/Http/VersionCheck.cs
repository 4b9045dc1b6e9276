using System.Text.Json;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Which revision a message is in.</summary>
internal static class VersionCheck
{
    /// <summary>The value of the version header; null when absent, empty when repeated.</summary>
    public static string? Header(IHeaderDictionary headers)
    {
        var values = headers[McpHeaders.ProtocolVersion];
        return values.Count switch
        {
            0 => null,
            1 => values[0] ?? "",
            _ => "",
        };
    }

    /// <summary>Null when the revision is one this server speaks and the message agrees with the header.</summary>
    public static RpcFault? Check(string? header, in RpcEnvelope message)
    {
        if (header is not null && !ProtocolVersions.IsSupported(header))
        {
            var shown = header.Length is > 0 and <= 64 ? header : "?";
            // A message that carries its revision with it can only go on in one that does so, too: the ones server/discover names.
            var supported = RpcEnvelope.Member(message.Meta, MetaKeys.ProtocolVersion).ValueKind == JsonValueKind.String ? ProtocolVersions.Discovered : ProtocolVersions.Supported;
            return new RpcFault(StatusCodes.Status400BadRequest, RpcErrors.UnsupportedVersion, "unsupported_version", "The protocol version is not supported.", new VersionOffer(shown, supported));
        }

        if (header is null && RpcEnvelope.Member(message.Meta, MetaKeys.ProtocolVersion) is { ValueKind: JsonValueKind.String } declared && declared.ValueEquals(ProtocolVersions.Modern))
        {
            return Mismatch($"A request of revision {ProtocolVersions.Modern} needs the {McpHeaders.ProtocolVersion} header.");
        }

        return header is not null and not ProtocolVersions.Modern && message.Method == "initialize" && message.Param("protocolVersion") is { } wanted && wanted != header
            ? Mismatch($"The {McpHeaders.ProtocolVersion} header and params.protocolVersion name different revisions.")
            : null;
    }

    private static RpcFault Mismatch(string message) => new(StatusCodes.Status400BadRequest, RpcErrors.HeaderMismatch, "version_mismatch", message);
}
