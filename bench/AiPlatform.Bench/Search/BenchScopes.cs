using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Search;

/// <summary>Scopes issued from a real policy over <see cref="AccessMarks"/>: a level, a data filter on the region and the group.</summary>
internal sealed class BenchScopes
{
    public const string All = "all";
    public const string F30 = "f30";
    public const string F1 = "f1";
    public const string RegionAll = "region-all";
    public const string Region30 = "region-30";
    public const string Region1 = "region-1";

    private readonly AccessScope.Issuer _issuer;

    public BenchScopes()
    {
        var groups = new[] { Group(All, DataAccessLevel.Confidential), Group(F30, DataAccessLevel.Internal), Group(F1, DataAccessLevel.Public) };
        var policy = AccessPolicy.Empty with { Version = "bench", Groups = groups.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal) };
        _issuer = new AccessScope.Issuer(() => policy, new SilentAudit());
        Unfiltered = Issue(All, RegionAll);
        Thirty = Issue(F30, Region30);
        One = Issue(F1, Region1);
        System = _issuer.IssueSystem("bench", "builds the index that is measured");
    }

    public AccessScope Unfiltered { get; }

    public AccessScope Thirty { get; }

    public AccessScope One { get; }

    public AccessScope System { get; }

    private AccessScope Issue(string group, string region) => _issuer.Issue(new CallerFacts(
        "bench-" + group, [group], ImmutableSortedDictionary<string, string>.Empty.Add(CallerFacts.RegionAttribute, region), DateTimeOffset.MaxValue));

    private static GroupPolicy Group(string id, DataAccessLevel level) => new()
    {
        Id = id,
        Tier = TierPolicy.Enterprise.Name,
        DataAccessLevel = level,
        Permissions = [new Permission(DataFilter.Products, ["read"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty)],
        DataFilters = [new DataFilter(ProductFields.Region, FilterOperator.Equals, [DataFilter.DynamicPrefix + CallerFacts.RegionAttribute])],
    };
}
