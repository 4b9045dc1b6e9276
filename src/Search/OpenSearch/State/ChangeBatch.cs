namespace AiPlatform.Search.OpenSearch.State;

/// <summary>Changes that were added to a journal together, kept in pieces.</summary>
/// <param name="Id">What the ids of its pieces begin with: the catalog, when it was written in seconds since 1970, and a random name.</param>
/// <param name="First">Number of the first of them, from 1.</param>
/// <param name="Count">Changes.</param>
/// <param name="Chunks">Pieces.</param>
/// <param name="Bytes">Bytes of all pieces.</param>
internal sealed record ChangeBatch(string Id, long First, int Count, int Chunks, long Bytes)
{
    /// <summary>Number of the last of them.</summary>
    public long Last => First + Count - 1;
}
