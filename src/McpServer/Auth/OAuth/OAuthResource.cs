using System.Collections.Immutable;
using AiPlatform.McpServer.Mcp.Http;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>This server as a protected resource: its URL, where its metadata is, and what is asked for by default. From the configuration alone, never from a request.</summary>
internal sealed class OAuthResource
{
    /// <summary>Path of the metadata (RFC 9728); the resource's own path follows it.</summary>
    public const string MetadataPath = "/.well-known/oauth-protected-resource";

    public OAuthResource(IOptions<OAuthOptions> options, IOptions<McpHttpOptions> mcp)
    {
        IsOn = options.Value.Issuers.Count > 0;
        Url = IsOn ? UrlOf(options.Value, mcp.Value) : "";
        DefaultScopes = [.. Split(options.Value.DefaultScopes)];
        if (IsOn)
        {
            var url = new Uri(Url);
            Path = url.AbsolutePath == "/" ? "" : url.AbsolutePath;
            MetadataUrl = url.GetLeftPart(UriPartial.Authority) + MetadataPath + Path;
        }
    }

    /// <summary>Whether any issuer is trusted.</summary>
    public bool IsOn { get; }

    /// <summary>The URL of this server; what a token must be for unless its issuer is configured otherwise.</summary>
    public string Url { get; }

    /// <summary>The path of <see cref="Url"/>; empty for the root.</summary>
    public string Path { get; } = "";

    /// <summary>Where clients read the metadata.</summary>
    public string MetadataUrl { get; } = "";

    public ImmutableArray<string> DefaultScopes { get; }

    /// <summary>Empty when neither setting is there.</summary>
    public static string UrlOf(OAuthOptions options, McpHttpOptions mcp) =>
        options.Resource.Length > 0 ? options.Resource
        : mcp.PublicUrl.Length > 0 ? mcp.PublicUrl.TrimEnd('/') + McpEndpoint.Path
        : "";

    public static string[] Split(string scopes) => scopes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
