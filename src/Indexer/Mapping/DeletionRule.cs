using System.Collections.Immutable;

namespace AiPlatform.Indexer.Mapping;

/// <summary>How a row says that its product is gone. Such a row needs nothing but the id and, where the mapping has one, the version.</summary>
/// <param name="Path">The place in the row.</param>
/// <param name="Values">The values that mean it, compared without case; empty: anything but nothing, 0 and false.</param>
public sealed record DeletionRule(RowPath Path, ImmutableArray<string> Values);
