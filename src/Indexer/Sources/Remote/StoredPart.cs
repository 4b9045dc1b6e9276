namespace AiPlatform.Indexer.Sources.Remote;

/// <summary>What is answered to a request for the rest of a stored object: all of it, or less.</summary>
/// <param name="Content">The bytes, from the one asked for on.</param>
/// <param name="Length">Bytes of the whole object; null when not told.</param>
/// <param name="End">The byte of the object behind the last one of this part; null for all that is left.</param>
internal readonly record struct StoredPart(Stream Content, long? Length, long? End);
