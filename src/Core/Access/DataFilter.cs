using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>One condition a group puts on the rows its members see, as declared in the policy.</summary>
/// <param name="Field">A field of the resource: see <see cref="Catalog.ProductFields"/> for products.</param>
/// <param name="Operator">The comparison.</param>
/// <param name="Values">Literal values, or a reference <c>current-user-NAME</c> that is resolved from the caller's attributes.</param>
/// <param name="Resource">The resource the filter is for; products unless said otherwise.</param>
public sealed record DataFilter(
    string Field,
    FilterOperator Operator,
    ImmutableArray<string> Values,
    string Resource = DataFilter.Products)
{
    /// <summary>The resource name of products.</summary>
    public const string Products = "products";

    /// <summary>What a dynamic value starts with; the rest is the attribute's name.</summary>
    public const string DynamicPrefix = "current-user-";
}
