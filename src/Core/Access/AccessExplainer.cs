using System.Collections.Immutable;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Core.Access;

/// <summary>Says which rule admits or refuses a product. The caller must be an administrator: the answer tells that the product exists.</summary>
public static class AccessExplainer
{
    /// <summary>Explains the decision about a product for a scope.</summary>
    /// <param name="administrator">Who asks; must be an administrator with the permission <c>access: explain</c>.</param>
    /// <param name="scope">Whose access is explained.</param>
    /// <param name="catalog">The product's catalog.</param>
    /// <param name="product">The product.</param>
    /// <param name="now">The moment to judge at.</param>
    /// <exception cref="AccessRefusedException">The asking scope is not an administrator's or its facts have expired (<c>administrator_required</c>), or it lacks <c>access: explain</c> (<c>permission_required</c>).</exception>
    public static AccessExplanation Explain(AccessScope administrator, AccessScope scope, string catalog, Product product, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(administrator);
        ArgumentNullException.ThrowIfNull(scope);
        ArgumentNullException.ThrowIfNull(product);
        if (!administrator.IsAdministrator || now >= administrator.FactsExpireAt)
        {
            throw new AccessRefusedException("administrator_required", "Only an administrator may ask why a product is visible.");
        }

        if (!MayExplain(administrator, now))
        {
            throw new AccessRefusedException("permission_required", "Asking why a product is visible needs the permission access: explain. Give it to one of the administrator's groups in the policy.");
        }

        var filter = scope.ProductsIn(catalog, now);
        if (now >= scope.FactsExpireAt)
        {
            return new AccessExplanation(false, "the facts about the caller have expired: it sees nothing", []);
        }

        if (filter.SeesEverything)
        {
            return new AccessExplanation(true, "a system scope: no rule applies", []);
        }

        // A group without a branch may not read this catalog at all; leaving it out would make the refusal a riddle.
        var closed = scope.Groups.Where(g => filter.Branches.All(b => b.GroupId != g)).Select(g =>
            new BranchExplanation(g, false, [new RuleExplanation($"{g} may read products of the catalog {catalog}", false)]));
        var branches = filter.Branches.Select(b => Explain(b, product)).Concat(closed).OrderBy(b => b.GroupId, StringComparer.Ordinal);
        return new AccessExplanation(filter.IsVisible(product), Region(filter, product), [.. branches]);
    }

    /// <summary>Whether a scope may ask at all: an administrator with the permission <c>access: explain</c>.</summary>
    /// <param name="asking">Who would ask.</param>
    /// <param name="now">The moment to judge at.</param>
    public static bool MayExplain(AccessScope asking, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(asking);
        return asking.IsAdministrator && asking.Allows(Right.ExplainAccess, now);
    }

    private static string Region(ProductFilter filter, Product product) => product.RestrictedRegions.IsEmpty
        ? "no region is restricted"
        : $"restricted in {string.Join(", ", product.RestrictedRegions)}; the caller's region is {filter.Region ?? "unknown"}: {(filter.RegionAllows(product) ? "allowed" : "refused")}";

    private static BranchExplanation Explain(FilterBranch branch, Product product)
    {
        var rules = ImmutableArray.CreateBuilder<RuleExplanation>();
        if (branch.Never)
        {
            rules.Add(new RuleExplanation($"the group is closed: {branch.NeverReason}", false));
        }

        rules.Add(new RuleExplanation($"accessLevel {Name(product.AccessLevel)} <= {Name(branch.Level)}", ProductFilter.LevelAllows(branch, product)));
        rules.Add(new RuleExplanation($"allowedGroups [{string.Join(", ", product.AllowedGroups)}] names {branch.GroupId} or everyone", ProductFilter.AllowsGroup(product, branch.GroupId)));
        foreach (var predicate in branch.Predicates)
        {
            var bound = predicate.Bound is { } number ? number.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"[{string.Join(", ", predicate.Values)}]";
            rules.Add(new RuleExplanation($"{predicate.Field} {Name(predicate.Operator)} {bound}", predicate.Matches(product)));
        }

        return new BranchExplanation(branch.GroupId, ProductFilter.Admits(branch, product), rules.ToImmutable());
    }

    private static string Name(FilterOperator op) => op == FilterOperator.NotIn ? "not_in" : op.ToString().ToLowerInvariant();

    private static string Name(DataAccessLevel level) => level.ToString().ToLowerInvariant();
}
