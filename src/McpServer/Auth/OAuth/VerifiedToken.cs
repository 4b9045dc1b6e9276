using System.Text.Json;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>What a token says, once its signature, issuer, audience and times have been found good. Never the token itself.</summary>
/// <param name="Issuer">Who issued it.</param>
/// <param name="Claims">All its claims.</param>
/// <param name="NotBefore">From when it is valid, the clocks' difference allowed for.</param>
/// <param name="ExpiresAt">Until when it is valid, the clocks' difference allowed for.</param>
/// <param name="Ceiling">What its scopes permit at most.</param>
/// <param name="Keys">The keys it was verified with.</param>
internal sealed record VerifiedToken(
    string Issuer, JsonElement Claims, DateTimeOffset NotBefore, DateTimeOffset ExpiresAt, PermissionCeiling Ceiling, SigningKeySet Keys)
{
    private Compiled? _compiled;

    /// <summary>What is made of the token under a policy, made once while the policy is the same.</summary>
    public T Under<T>(AccessPolicy policy, Func<VerifiedToken, AccessPolicy, T> make)
        where T : class
    {
        if (Volatile.Read(ref _compiled) is { } known && ReferenceEquals(known.Policy, policy) && known.Value is T value)
        {
            return value;
        }

        value = make(this, policy);
        Volatile.Write(ref _compiled, new Compiled(policy, value));
        return value;
    }

    private sealed record Compiled(AccessPolicy Policy, object Value);
}
