using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>A real folder without the waiting for the disk: for tests that are not about crashes.</summary>
internal sealed class FastDirectory(string path) : IIndexDirectory
{
    private readonly IndexDirectory _real = new(path);

    public string PathOf(string name) => _real.PathOf(name);

    public IReadOnlyList<string> List() => _real.List();

    public byte[]? Read(string name) => _real.Read(name);

    public Stream Create(string name) => _real.Create(name);

    public Stream Continue(string name, long length) => _real.Continue(name, length);

    public void Sync(string name)
    {
    }

    public void Rename(string from, string to) => _real.Rename(from, to);

    public void SyncEntries()
    {
    }

    public void Delete(string name) => _real.Delete(name);

    public IDisposable? TryLock(string name) => _real.TryLock(name);
}
