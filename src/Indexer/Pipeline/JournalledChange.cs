namespace AiPlatform.Indexer.Pipeline;

/// <summary>A change in a journal.</summary>
/// <param name="Position">Where it stands; opaque, at most 200 ASCII characters.</param>
/// <param name="Change">The change.</param>
public sealed record JournalledChange(string Position, ReadOnlyMemory<byte> Change);
