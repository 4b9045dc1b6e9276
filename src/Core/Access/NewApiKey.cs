using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>A key to be made.</summary>
/// <param name="Name">What it is for; 1 to 200 characters.</param>
/// <param name="Groups">Group ids; at least one.</param>
/// <param name="Attributes">Attributes such as <c>region</c>.</param>
/// <param name="ExpiresAt">When it stops working; null for never.</param>
public sealed record NewApiKey(
    string Name,
    ImmutableArray<string> Groups,
    ImmutableSortedDictionary<string, string> Attributes,
    DateTimeOffset? ExpiresAt);
