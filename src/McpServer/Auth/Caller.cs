using System.Security.Claims;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>Who makes a request and what it may see. Made once a request and handed on explicitly.</summary>
/// <param name="Subject">Stable id: sessions and rate limits are bound to it.</param>
/// <param name="Name">What the key is for, in words.</param>
/// <param name="Scope">What the caller may do and see.</param>
internal sealed record Caller(string Subject, string Name, AccessScope Scope)
{
    /// <summary>Key of the caller among the items of an MCP message.</summary>
    public const string ItemKey = "aiplatform.caller";

    /// <summary>Asks again who the caller is, without counting a request; null for a caller of this process itself, whose rights last as long as it runs.</summary>
    public CallerRenewal? Renewal { get; init; }

    /// <summary>What a token's scopes keep from the caller although its groups permit it; null for an API key, which nothing but its groups bounds.</summary>
    public StepUp? StepUp { get; init; }

    /// <summary>The caller in the form the SDK carries along. It grants nothing: every right is in <see cref="Scope"/>.</summary>
    public ClaimsPrincipal Principal { get; } = new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, Subject)], "AiPlatform"));
}
