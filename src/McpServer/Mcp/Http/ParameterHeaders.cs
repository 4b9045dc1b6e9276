using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>
/// Arguments that a tool's schema mirrors into headers (<c>x-mcp-header</c>), so that proxies can route on them: header and argument
/// must say the same, or a proxy would have decided about another call than the one that runs.
/// </summary>
internal sealed class ParameterHeaders
{
    private const string Prefix = "Mcp-Param-";
    private const string Extension = "x-mcp-header";

    private readonly Dictionary<string, (IMcpTool Tool, (string Argument, string Header)[] Mirrored)> _byTool;
    private readonly TimeProvider _time;

    public ParameterHeaders(IEnumerable<IMcpTool> tools, TimeProvider time)
    {
        _time = time;
        _byTool = tools.Select(t => (Tool: t, Mirrored: MirroredBy(t).ToArray())).Where(t => t.Mirrored.Length > 0).ToDictionary(t => t.Tool.Definition.Name, StringComparer.Ordinal);
    }

    /// <summary>Null when every mirrored argument has its header and the other way round, and for a tool the caller does not have.</summary>
    public RpcFault? Check(in RpcEnvelope message, IHeaderDictionary headers, AccessScope scope)
    {
        if (_byTool.Count == 0
            || message.Method != "tools/call"
            || message.Param("name") is not { } name
            || !_byTool.TryGetValue(name, out var entry)
            || !entry.Tool.IsOffered(scope, _time.GetUtcNow()))
        {
            return null;
        }

        var arguments = RpcEnvelope.Member(message.Params, "arguments");
        foreach (var (argument, header) in entry.Mirrored)
        {
            var said = headers[Prefix + header];
            var agrees = TextOf(RpcEnvelope.Member(arguments, argument)) is { } text ? HeaderText.Says(said, text) : said.Count == 0;
            if (!agrees)
            {
                return new RpcFault(
                    StatusCodes.Status400BadRequest, RpcErrors.HeaderMismatch, "parameter_mismatch", $"The {Prefix}{header} header must equal the argument '{argument}', and be absent without it.");
            }
        }

        return null;
    }

    private static IEnumerable<(string Argument, string Header)> MirroredBy(IMcpTool tool) =>
        tool.Definition.InputSchema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject()
                .Where(p => RpcEnvelope.Member(p.Value, Extension).ValueKind == JsonValueKind.String)
                .Select(p => (p.Name, p.Value.GetProperty(Extension).GetString()!))
            : [];

    private static string? TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "true",
        JsonValueKind.False => "false",
        _ => null,
    };
}
