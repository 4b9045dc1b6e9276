namespace AiPlatform.Core.Catalog;

/// <summary>A change in a journal.</summary>
/// <param name="Position">Where it stands: opaque, different for every change, at most 200 ASCII characters.</param>
/// <param name="Change">The change.</param>
public sealed record JournalledChange(string Position, ReadOnlyMemory<byte> Change);
