using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>What membership in a group gives.</summary>
public sealed record GroupPolicy
{
    /// <summary>The group that every product names when it is meant for all callers. Not a group a caller can be put in.</summary>
    public const string Everyone = "everyone";

    /// <summary>Lower-case id, unique in the policy.</summary>
    public required string Id { get; init; }

    /// <summary>A name for people. Default: the id.</summary>
    public string DisplayName { get; init; } = "";

    /// <summary>The tier's name.</summary>
    public required string Tier { get; init; }

    /// <summary>The level members see; never above the tier's. Default: <see cref="Access.DataAccessLevel.Public"/>.</summary>
    public DataAccessLevel DataAccessLevel { get; init; } = DataAccessLevel.Public;

    /// <summary>0: no administrator. 1: may explain access and act as another group. 2 and above: may handle sensitive models.</summary>
    public int AdministratorLevel { get; init; }

    /// <summary>Permissions. Without <c>products: read</c> the members see no product.</summary>
    public ImmutableArray<Permission> Permissions { get; init; } = [];

    /// <summary>Data filters; all of them must hold for a row to be seen through this group.</summary>
    public ImmutableArray<DataFilter> DataFilters { get; init; } = [];

    /// <summary>Model providers the members may use.</summary>
    public ImmutableArray<ProviderAccess> Providers { get; init; } = [];

    /// <summary>Routing strategy. Default: balanced.</summary>
    public RoutingStrategy RoutingStrategy { get; init; }

    /// <summary>Regions that requests and data of this group may be processed in. Empty: anywhere.</summary>
    public ImmutableArray<string> Residency { get; init; } = [];
}
