using AiPlatform.McpServer.Auth.OAuth;

namespace AiPlatform.McpServer.Auth;

/// <summary>Turns the headers of a request into a caller: an API key, or an access token where an issuer is trusted. Every request is authenticated anew.</summary>
internal sealed class CallerAuthentication(KeyAuthentication keys, TokenAuthentication tokens)
{
    public ValueTask<AuthenticationOutcome> AuthenticateAsync(IHeaderDictionary headers, CancellationToken cancellationToken) =>
        tokens.IsOn && PresentedToken.Read(headers) is { } token
            ? tokens.AuthenticateAsync(token, GroupContext.Read(headers), cancellationToken)
            : keys.AuthenticateAsync(headers, cancellationToken);
}
