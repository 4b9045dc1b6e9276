using System.IO.Compression;
using System.Text;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>A folder of one test, removed behind it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public TemporaryFolder() => Directory.CreateDirectory(Path);

    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), "aip-indexer-" + System.IO.Path.GetRandomFileName());

    public string this[string name] => System.IO.Path.Combine(Path, name);

    public string Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public string Write(string name, byte[] content)
    {
        File.WriteAllBytes(this[name], content);
        return this[name];
    }

    public string WriteGzip(string name, string content)
    {
        using var file = File.Create(this[name]);
        using var gzip = new GZipStream(file, CompressionLevel.Fastest);
        gzip.Write(Encoding.UTF8.GetBytes(content));
        return this[name];
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
