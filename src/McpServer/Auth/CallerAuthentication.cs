using AiPlatform.McpServer.Auth.OAuth;

namespace AiPlatform.McpServer.Auth;

/// <summary>Turns the headers of a request into a caller: an API key, or an access token where an issuer is trusted. Every request is authenticated anew.</summary>
internal sealed class CallerAuthentication(KeyAuthentication keys, TokenAuthentication tokens)
{
    public ValueTask<AuthenticationOutcome> AuthenticateAsync(IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        var presented = PresentedCredential.Read(headers);
        return presented.Kind switch
        {
            CredentialKind.Key => keys.AuthenticateAsync(presented.Value, GroupContext.Read(headers), cancellationToken),
            CredentialKind.Token when tokens.IsOn => tokens.AuthenticateAsync(presented.Value, GroupContext.Read(headers), cancellationToken),
            CredentialKind.None => ValueTask.FromResult(tokens.IsOn ? AuthenticationOutcome.CredentialMissing : AuthenticationOutcome.KeyMissing),
            _ => ValueTask.FromResult(AuthenticationOutcome.KeyInvalid),
        };
    }
}
