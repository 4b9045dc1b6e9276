using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>Turns the headers of a request into a caller. Every request is authenticated anew: a revoked key stops working at its next request.</summary>
internal sealed class KeyAuthentication(IApiKeyStore keys, AccessScope.Issuer issuer, ScopeMemory scopes)
{
    /// <summary>Names groups, comma separated, that the caller narrows itself to.</summary>
    public const string GroupContextHeader = "X-Group-Context";

    public async ValueTask<AuthenticationOutcome> AuthenticateAsync(IHeaderDictionary headers, CancellationToken cancellationToken)
    {
        var presented = PresentedKey.Read(headers);
        if (presented is null)
        {
            return AuthenticationOutcome.KeyMissing;
        }

        if (presented.Length == 0 || await keys.AuthenticateAsync(presented, cancellationToken) is not { } record)
        {
            return AuthenticationOutcome.KeyInvalid;
        }

        try
        {
            return AuthenticationOutcome.Accepted(CallerOf(record, headers));
        }
        catch (AccessRefusedException refused)
        {
            return AuthenticationOutcome.Refused(refused.Code, refused.Message);
        }
    }

    private Caller CallerOf(ApiKeyRecord record, IHeaderDictionary headers)
    {
        if (!headers.TryGetValue(GroupContextHeader, out var context))
        {
            return scopes.GetOrIssue(record);
        }

        // A header that is present narrows even when it is empty: it then names nothing and is refused.
        var groups = context.ToString().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return new Caller(record.Id, record.Name, issuer.Issue(ScopeMemory.FactsOf(record), groups));
    }
}
