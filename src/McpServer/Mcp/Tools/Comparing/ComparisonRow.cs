using System.Collections.Immutable;

namespace AiPlatform.McpServer.Mcp.Tools.Comparing;

/// <summary>One attribute of the products compared.</summary>
/// <param name="Name">Name of the attribute, cleaned.</param>
/// <param name="Values">The value of each product, in their order, cleaned; null where a product does not state it.</param>
/// <param name="Differs">Whether the products differ in it: another value, another unit, or none.</param>
/// <param name="Unit">The unit that every number in the row has; null when they have none or not the same.</param>
internal sealed record ComparisonRow(string Name, ImmutableArray<string?> Values, bool Differs, string? Unit);
