using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>Checks what attributes cannot: that the public address is one that clients can be told.</summary>
internal sealed class McpHttpOptionsValidator : IValidateOptions<McpHttpOptions>
{
    public ValidateOptionsResult Validate(string? name, McpHttpOptions options) =>
        options.PublicUrl.Length == 0 || IsAddress(options.PublicUrl)
            ? ValidateOptionsResult.Success
            // The value is not repeated: somebody may have put a password into it.
            : ValidateOptionsResult.Fail(
                $"Mcp:PublicUrl must be an absolute http or https URL without the path {McpEndpoint.Path}, user, query and fragment, such as https://mcp.example.com; leave it out when no public address is to be named.");

    private static bool IsAddress(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url)
        && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)
        && url.UserInfo.Length == 0 && text.AsSpan().IndexOfAny('?', '#') < 0
        && !url.AbsolutePath.TrimEnd('/').EndsWith(McpEndpoint.Path, StringComparison.OrdinalIgnoreCase);
}
