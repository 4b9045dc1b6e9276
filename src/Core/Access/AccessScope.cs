using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>
/// What one caller may do and see, fixed at the moment it was issued: the first argument of every read. A capability: only
/// <see cref="Issuer"/> constructs it, it has no public constructor, cannot be copied with changes and cannot be deserialised.
/// Immutable and safe to share between threads.
/// </summary>
public sealed partial class AccessScope
{
    private readonly ProductFilter _products;
    private readonly ImmutableArray<Permission> _permissions;

    private AccessScope(
        CallerFacts facts,
        ImmutableArray<string> groups,
        TierPolicy tier,
        DataAccessLevel level,
        int administratorLevel,
        ProductFilter products,
        ImmutableArray<Permission> permissions,
        ImmutableArray<ProviderAccess> providers,
        RoutingStrategy routingStrategy,
        ImmutableArray<string> residency,
        string policyVersion)
    {
        Subject = facts.Subject;
        FactsExpireAt = facts.ExpiresAt;
        Groups = groups;
        Tier = tier;
        DataAccessLevel = level;
        AdministratorLevel = administratorLevel;
        _products = products;
        _permissions = permissions;
        Providers = providers;
        RoutingStrategy = routingStrategy;
        Residency = residency;
        PolicyVersion = policyVersion;
        Fingerprint = ScopeFingerprint.Compute(this, products, permissions);
    }

    /// <summary>Who asks, for audit and rate limits. Not part of the fingerprint: two subjects with the same rights share caches.</summary>
    public string Subject { get; }

    /// <summary>The groups in effect, sorted; after a narrowing override only the chosen ones.</summary>
    public ImmutableArray<string> Groups { get; }

    /// <summary>The most generous tier among the groups; <see cref="TierPolicy.Free"/> without groups.</summary>
    public TierPolicy Tier { get; }

    /// <summary>The highest level any of the groups sees. A summary: products are judged group by group.</summary>
    public DataAccessLevel DataAccessLevel { get; }

    /// <summary>The highest administrator level among the groups; 0 for none.</summary>
    public int AdministratorLevel { get; }

    /// <summary>Whether the caller is an administrator of any level.</summary>
    public bool IsAdministrator => AdministratorLevel > 0;

    /// <summary>Providers the caller may use, best priority first.</summary>
    public ImmutableArray<ProviderAccess> Providers { get; }

    /// <summary>Routing strategy of the group that comes first; compliance wins over every other.</summary>
    public RoutingStrategy RoutingStrategy { get; }

    /// <summary>Regions that processing must stay in: the intersection over the groups that set any. Empty with <see cref="ResidencyConflict"/> false: anywhere.</summary>
    public ImmutableArray<string> Residency { get; }

    /// <summary>The groups' residencies have no region in common: nothing may be processed anywhere.</summary>
    public bool ResidencyConflict => Residency is [""];

    /// <summary>The version of the policy the scope was compiled from.</summary>
    public string PolicyVersion { get; }

    /// <summary>When the facts behind the scope expire; from then on it sees nothing.</summary>
    public DateTimeOffset FactsExpireAt { get; }

    /// <summary>SHA-256 over the canonical form of everything that decides what the scope may see and do, policy version included; 64 lower-case hexadecimal digits. Caches key on it.</summary>
    public string Fingerprint { get; }

    /// <summary>The product filter for a catalog at a moment; sees nothing once the facts have expired.</summary>
    public ProductFilter ProductsIn(string catalog, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return now >= FactsExpireAt ? ProductFilter.Nothing : _products.ForCatalog(catalog);
    }

    /// <summary>Whether the scope may do the action on the resource. A condition that <paramref name="context"/> does not answer fails.</summary>
    public bool Allows(string resource, string action, DateTimeOffset now, IReadOnlyDictionary<string, string>? context = null)
    {
        if (_products.SeesEverything)
        {
            return true;
        }

        return now < FactsExpireAt && _permissions.Any(p => p.Covers(resource, action) && p.Conditions.All(c =>
            context is not null && context.TryGetValue(c.Key, out var value) && c.Value.Contains(value, StringComparer.Ordinal)));
    }

    /// <summary>Whether the scope has the right. A condition that <paramref name="context"/> does not answer fails.</summary>
    public bool Allows(Right right, DateTimeOffset now, IReadOnlyDictionary<string, string>? context = null)
    {
        ArgumentNullException.ThrowIfNull(right);
        return Allows(right.Resource, right.Action, now, context);
    }

    /// <summary>Whether the scope has the right under some condition, such as in one catalog.</summary>
    public bool AllowsSomewhere(Right right, DateTimeOffset now) =>
        _products.SeesEverything || (now < FactsExpireAt && _permissions.Any(p => p.Covers(right)));

    /// <summary>The permissions in effect, as <c>resource:action</c> strings, sorted.</summary>
    public ImmutableArray<string> PermissionNames =>
        [.. _permissions.SelectMany(p => p.Actions.Select(a => $"{p.Resource}:{a}")).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>A one-line summary without any secret.</summary>
    public override string ToString() => $"{Subject} [{string.Join(',', Groups)}] {Tier.Name} {Fingerprint[..12]}";
}
