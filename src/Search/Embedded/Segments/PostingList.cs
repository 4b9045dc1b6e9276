namespace AiPlatform.Search.Embedded.Segments;

/// <summary>Where a list of a <see cref="PostingArena"/> is.</summary>
internal struct PostingList
{
    /// <summary>Place of its first slice.</summary>
    public int Start;

    /// <summary>Where it goes on.</summary>
    public int Position;

    /// <summary>Where its last slice ends, before the link.</summary>
    public int End;

    /// <summary>Bytes of its last slice; 0 for none.</summary>
    public int Size;

    /// <summary>Bytes of all of it.</summary>
    public int Length;
}
