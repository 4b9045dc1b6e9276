namespace AiPlatform.Search.OpenSearch.State;

/// <summary>A file kept in pieces.</summary>
/// <param name="Id">What the ids of its pieces begin with.</param>
/// <param name="Chunks">Pieces.</param>
/// <param name="Length">Bytes.</param>
/// <param name="Sha256">Digest of the whole in hexadecimal.</param>
internal sealed record StoredFile(string Id, int Chunks, long Length, string Sha256);
