using System.Collections.Concurrent;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>
/// Keeps the compiled scope of a key while neither the key's facts nor the policy changed, because compiling hashes the whole
/// policy part of the caller. Holds no decision of its own: both inputs are compared at every use. Bounded; thread-safe.
/// </summary>
internal sealed class ScopeMemory(IAccessPolicySource policies, AccessScope.Issuer issuer)
{
    /// <summary>Keys remembered; beyond it the memory starts anew.</summary>
    public const int Capacity = 10_000;

    private readonly ConcurrentDictionary<string, Entry> _entries = new(StringComparer.Ordinal);

    public Caller GetOrIssue(ApiKeyRecord record)
    {
        var policy = policies.Current;
        if (_entries.TryGetValue(record.Id, out var known) && ReferenceEquals(known.Policy, policy) && known.Matches(record))
        {
            return known.Caller;
        }

        var caller = new Caller(record.Id, record.Name, issuer.Issue(FactsOf(record)));
        // The policy may have been swapped while the scope was compiled: keep only what is surely of this policy.
        if (ReferenceEquals(policies.Current, policy))
        {
            if (_entries.Count >= Capacity)
            {
                _entries.Clear();
            }

            _entries[record.Id] = new Entry(record, policy, caller);
        }

        return caller;
    }

    public static CallerFacts FactsOf(ApiKeyRecord record) =>
        new(record.Id, record.Groups, record.Attributes, record.ExpiresAt ?? DateTimeOffset.MaxValue);

    private sealed record Entry(ApiKeyRecord Record, AccessPolicy Policy, Caller Caller)
    {
        public bool Matches(ApiKeyRecord other) =>
            ReferenceEquals(Record, other)
            || (Record.Name == other.Name
                && Record.ExpiresAt == other.ExpiresAt
                && Record.Groups.AsSpan().SequenceEqual(other.Groups.AsSpan())
                && Record.Attributes.SequenceEqual(other.Attributes));
    }
}
