namespace AiPlatform.Search.Embedded.Files;

/// <summary>The file operations the index writer uses, and no others: what a crash can interrupt. Names are relative to one catalog's folder.</summary>
internal interface IIndexDirectory
{
    /// <summary>Full path of a file, for memory mapping.</summary>
    string PathOf(string name);

    /// <summary>Names of all files.</summary>
    IReadOnlyList<string> List();

    /// <summary>Whole content; null when the file does not exist.</summary>
    byte[]? Read(string name);

    /// <summary>Creates (or truncates) a file for sequential writing.</summary>
    Stream Create(string name);

    /// <summary>Opens a file for writing on behind its first <paramref name="length"/> bytes; what is behind them is cut off.</summary>
    Stream Continue(string name, long length);

    /// <summary>Forces a file's content to stable storage.</summary>
    void Sync(string name);

    /// <summary>Atomically gives a file another name, replacing what had it.</summary>
    void Rename(string from, string to);

    /// <summary>Forces the folder's entries (creations, renames) to stable storage.</summary>
    void SyncEntries();

    /// <summary>Deletes a file; no error when it is missing or in use.</summary>
    void Delete(string name);

    /// <summary>Takes the exclusive writer's lock; null when another holder has it. Disposing releases it; the operating system does so for a killed process.</summary>
    IDisposable? TryLock(string name);
}
