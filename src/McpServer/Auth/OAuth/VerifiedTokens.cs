using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>
/// Tokens that were just found good, for at most <see cref="Lifetime"/>, never beyond their own end and never beyond a change of the issuer's keys.
/// Refusals are not kept. Holds digests, never tokens. Bounded by <see cref="Capacity"/>; thread-safe.
/// </summary>
internal sealed class VerifiedTokens(TimeProvider time)
{
    public const int Capacity = 4_096;

    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public int Count => _entries.Count;

    /// <summary>The token, or null when it was not verified within the lifetime. The caller still asks whether the keys are current.</summary>
    public VerifiedToken? Find(string digest)
    {
        if (!_entries.TryGetValue(digest, out var entry))
        {
            return null;
        }

        var now = time.GetUtcNow();
        if (now >= entry.VerifiedAt && now < entry.VerifiedAt + Lifetime && now >= entry.Token.NotBefore && now < entry.Token.ExpiresAt)
        {
            return entry.Token;
        }

        _entries.TryRemove(KeyValuePair.Create(digest, entry));
        return null;
    }

    public void Keep(string digest, VerifiedToken token, DateTimeOffset verifiedAt)
    {
        if (_entries.Count >= Capacity)
        {
            // Everything in it is a minute old at most, so starting over costs one check a token.
            _entries.Clear();
        }

        _entries[digest] = new Entry(token, verifiedAt);
    }

    public static string DigestOf(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record Entry(VerifiedToken Token, DateTimeOffset VerifiedAt);
}
