namespace AiPlatform.Search.Embedded.Writing;

/// <summary>What a record of a build's log says; the first byte of it.</summary>
internal enum BuildRecord : byte
{
    /// <summary>JSON of a <see cref="BuildSnapshot"/>; the first record, and no other.</summary>
    Snapshot = 1,

    /// <summary>varint ordinal in the base generation.</summary>
    Keep,

    /// <summary>Two digests, version, number of floats, floats, encoded product.</summary>
    Put,

    /// <summary>UTF-8 id.</summary>
    Delete,

    /// <summary>Length-prefixed name and file.</summary>
    Attach,

    /// <summary>int64: the caller's count. Everything before it is to last.</summary>
    Checkpoint,
}
