using System.Collections.Frozen;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>An issuer whose tokens are accepted, ready for use.</summary>
/// <param name="Name">The issuer as its tokens write it.</param>
/// <param name="Audiences">What its tokens may be for.</param>
/// <param name="Algorithms">How they may be signed.</param>
/// <param name="Keys">Its keys.</param>
internal sealed record TrustedIssuer(string Name, FrozenSet<string> Audiences, FrozenSet<string> Algorithms, JwksCache Keys);
