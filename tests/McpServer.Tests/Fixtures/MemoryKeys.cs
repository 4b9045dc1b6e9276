using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>Keys in memory, for tests of what stands before the key store.</summary>
internal sealed class MemoryKeys : IApiKeyStore
{
    private readonly ConcurrentDictionary<string, ApiKeyRecord> _bySecret = new(StringComparer.Ordinal);
    private int _last;
    private int _uses;
    private int _rechecks;

    /// <summary>How often anybody was authenticated for a request.</summary>
    public int Uses => Volatile.Read(ref _uses);

    /// <summary>How often anybody was asked for again without one.</summary>
    public int Rechecks => Volatile.Read(ref _rechecks);

    /// <summary>Whether asking fails.</summary>
    public bool IsDown { get; set; }

    public string Add(string name, string region, params string[] groups)
    {
        var number = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        var attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);
        var record = new ApiKeyRecord
        {
            Id = "key-" + number,
            Prefix = "aip_" + number,
            Name = name,
            Groups = [.. groups],
            Attributes = region.Length > 0 ? attributes.Add("region", region) : attributes,
            CreatedAt = DateTimeOffset.UnixEpoch,
            CreatedBy = "test",
        };
        var secret = $"aip_{number}_{name}";
        _bySecret[secret] = record;
        return secret;
    }

    public void Revoke(string secret) => _bySecret.TryRemove(secret, out _);

    public ValueTask<ApiKeyRecord?> AuthenticateAsync(string presented, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _uses);
        return ValueTask.FromResult(_bySecret.GetValueOrDefault(presented));
    }

    public ValueTask<ApiKeyRecord?> RecheckAsync(string presented, CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _rechecks);
        return IsDown ? throw new IOException("The keys cannot be read.") : ValueTask.FromResult(_bySecret.GetValueOrDefault(presented));
    }

    public ValueTask<IssuedApiKey> CreateAsync(AccessScope scope, NewApiKey request, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<ApiKeyRecord>> ListAsync(AccessScope scope, CancellationToken cancellationToken) => scope.Allows("keys", "read", DateTimeOffset.UtcNow)
        ? ValueTask.FromResult<IReadOnlyList<ApiKeyRecord>>([.. _bySecret.Values])
        : throw new AccessRefusedException("permission_required", "Listing keys needs the permission keys: read.");

    public ValueTask<ApiKeyRecord?> RevokeAsync(AccessScope scope, string idOrPrefix, CancellationToken cancellationToken) => throw new NotSupportedException();
}
