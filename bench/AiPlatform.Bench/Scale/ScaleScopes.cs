using System.Collections.Immutable;
using AiPlatform.Bench.Search;
using AiPlatform.Core.Access;

namespace AiPlatform.Bench.Scale;

/// <summary>One group a selectivity. A product names every group whose share it falls below.</summary>
internal sealed class ScaleScopes
{
    public static IReadOnlyList<double> Shares { get; } = [.001, .01, .1, .3, 1];

    private static readonly string[] Names = ["s01", "s1", "s10", "s30", "s100"];

    private readonly AccessScope.Issuer _issuer;

    public ScaleScopes()
    {
        var read = new Permission("products", ["read"], ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty);
        var groups = Names.Select(n => new GroupPolicy { Id = n, Tier = TierPolicy.Free.Name, Permissions = [read] });
        var policy = AccessPolicy.Empty with { Version = "scale", Groups = groups.ToImmutableSortedDictionary(g => g.Id, g => g, StringComparer.Ordinal) };
        _issuer = new AccessScope.Issuer(() => policy, new SilentAudit());
        System = _issuer.IssueSystem("bench", "builds the index that is measured");
        All = [.. Names.Select(n => _issuer.Issue(new CallerFacts(n, [n], ImmutableSortedDictionary<string, string>.Empty, DateTimeOffset.MaxValue)))];
    }

    public AccessScope System { get; }

    /// <summary>In the order of <see cref="Shares"/>.</summary>
    public IReadOnlyList<AccessScope> All { get; }

    public static IEnumerable<string> GroupsOf(double share) => Names.Where((_, i) => share < Shares[i]);
}
