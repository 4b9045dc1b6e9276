namespace AiPlatform.Core.Usage;

/// <summary>A question for what was used.</summary>
/// <param name="From">From, inclusive.</param>
/// <param name="Until">Until, exclusive; at most 366 days after <paramref name="From"/>.</param>
/// <param name="Group">One of the caller's groups; null for all of them.</param>
public sealed record UsageQuery(DateTimeOffset From, DateTimeOffset Until, string? Group);
