using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Tools;

namespace AiPlatform.McpServer.Rest;

/// <summary>A request of a known caller, read and checked.</summary>
/// <param name="Http">The HTTP request.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="Data">The members of the body's <c>data</c>; empty without a body.</param>
/// <param name="Key">The caller's own name for this request, <c>X-Request-ID</c>; null when it gave none.</param>
internal sealed record RestRequest(HttpContext Http, Caller Caller, ToolArguments Data, string? Key)
{
    public AccessScope Scope => Caller.Scope;

    public CancellationToken Aborted => Http.RequestAborted;

    /// <summary>Refuses parameters of the query that are not among the allowed ones, as members of a body are.</summary>
    /// <exception cref="ToolArgumentException">There is such a parameter.</exception>
    public void AllowOnlyQuery(IReadOnlyCollection<string> allowed)
    {
        // Names are looked up without regard to case.
        var unknown = Http.Request.Query.Keys.Where(name => !allowed.Contains(name, StringComparer.OrdinalIgnoreCase));
        ToolArguments.From(unknown.Select(name => KeyValuePair.Create(name, default(JsonElement)))).AllowOnly(allowed);
    }

    /// <summary>A part of the path.</summary>
    public string Route(string name) => (string)Http.Request.RouteValues[name]!;
}
