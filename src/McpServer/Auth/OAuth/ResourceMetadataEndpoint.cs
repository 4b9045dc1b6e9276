using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.McpServer.Mcp.Tools;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>The metadata of this server as a protected resource (RFC 9728), open to everybody and readable by any page: it says only where to sign in. Not there without OAuth.</summary>
internal static class ResourceMetadataEndpoint
{
    private const string CacheSeconds = "public, max-age=300";

    public static void MapResourceMetadata(this IEndpointRouteBuilder routes)
    {
        var resource = routes.ServiceProvider.GetRequiredService<OAuthResource>();
        if (!resource.IsOn)
        {
            return;
        }

        foreach (var path in new[] { "", McpEndpoint.Path, resource.Path }.Distinct(StringComparer.Ordinal))
        {
            routes.MapGet(OAuthResource.MetadataPath + path, (RequestDelegate)AnswerAsync);
        }
    }

    private static async Task AnswerAsync(HttpContext http)
    {
        var services = http.RequestServices;
        var state = (Resource: services.GetRequiredService<OAuthResource>(), Options: services.GetRequiredService<IOptions<OAuthOptions>>().Value,
            Issuers: services.GetRequiredService<TrustedIssuers>().Names, Scopes: SupportedScopes.Of(services.GetRequiredService<IAccessPolicySource>().Current));
        var body = ToolJson.Write(state, static (json, s) => Write(json, s.Resource, s.Options, s.Issuers, s.Scopes));
        http.Response.ContentType = "application/json";
        http.Response.Headers.CacheControl = CacheSeconds;
        http.Response.Headers.AccessControlAllowOrigin = "*";
        await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static void Write(Utf8JsonWriter json, OAuthResource resource, OAuthOptions options, IEnumerable<string> issuers, IEnumerable<string> scopes)
    {
        json.WriteStartObject();
        json.WriteString("resource", resource.Url);
        List("authorization_servers", issuers);
        List("scopes_supported", scopes);
        List("bearer_methods_supported", ["header"]);
        json.WriteString("resource_name", options.ResourceName);
        if (options.Documentation.Length > 0)
        {
            json.WriteString("resource_documentation", options.Documentation);
        }

        json.WriteEndObject();

        void List(string name, IEnumerable<string> values)
        {
            json.WriteStartArray(name);
            foreach (var value in values)
            {
                json.WriteStringValue(value);
            }

            json.WriteEndArray();
        }
    }
}
