using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using AiPlatform.Search.Embedded.Segments;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>
/// What an unfinished build did since its last closed segment, so that a killed one can be continued without closing a segment at every checkpoint: records of
/// length, CRC-32C and content behind a snapshot. A log that follows a closed segment takes the place of the one before only with its first checkpoint, by renaming.
/// </summary>
internal sealed class BuildLog : IDisposable
{
    public const string FileName = "build.log";
    public const string TemporaryName = "build.log.new";

    private readonly IIndexDirectory _directory;
    private readonly Stream _stream;
    private ByteBuffer _record;
    private bool _isTemporary;

    private BuildLog(IIndexDirectory directory, Stream stream, bool isTemporary)
    {
        _directory = directory;
        _stream = stream;
        _isTemporary = isTemporary;
    }

    /// <summary>Starts a log.</summary>
    public static BuildLog Start(IIndexDirectory directory, BuildSnapshot snapshot)
    {
        var log = new BuildLog(directory, directory.Create(TemporaryName), isTemporary: true);
        try
        {
            log.Begin(BuildRecord.Snapshot);
            log._record.AddBytes(JsonSerializer.SerializeToUtf8Bytes(snapshot, ManifestJson.Default.BuildSnapshot));
            log.End();
            return log;
        }
        catch
        {
            log.Dispose();
            throw;
        }
    }

    /// <summary>Writes on behind the last checkpoint of an abandoned build.</summary>
    public static BuildLog Continue(IIndexDirectory directory, long length) => new(directory, directory.Continue(FileName, length), isTemporary: false);

    public void Keep(int ordinal)
    {
        Begin(BuildRecord.Keep);
        _record.AddVarInt((uint)ordinal);
        End();
    }

    public void Put(in IndexedProduct item)
    {
        Begin(BuildRecord.Put);
        _record.Add(item.ContentHash);
        _record.Add(item.EmbeddingHash);
        _record.Add(item.Version);
        _record.Add(item.Vector.Length);
        _record.AddBytes(MemoryMarshal.AsBytes(item.Vector.Span));
        ProductCodec.Write(ref _record, item.Product);
        End();
    }

    public void Delete(string id)
    {
        Begin(BuildRecord.Delete);
        _record.AddBytes(Encoding.UTF8.GetBytes(id));
        End();
    }

    public void Attach(string name, string file)
    {
        Begin(BuildRecord.Attach);
        _record.AddString(name);
        _record.AddString(file);
        End();
    }

    /// <summary>Makes everything written so far last.</summary>
    public void Checkpoint(long done)
    {
        Begin(BuildRecord.Checkpoint);
        _record.Add(done);
        End();
        _stream.Flush();
        _directory.Sync(_isTemporary ? TemporaryName : FileName);
        if (_isTemporary)
        {
            _directory.SyncEntries();
            _directory.Rename(TemporaryName, FileName);
            _isTemporary = false;
        }

        _directory.SyncEntries();
    }

    public void Dispose() => _stream.Dispose();

    private void Begin(BuildRecord kind)
    {
        _record.Clear();
        _record.AddByte((byte)kind);
    }

    private void End()
    {
        Span<byte> head = stackalloc byte[2 * sizeof(uint)];
        MemoryMarshal.Write(head, (uint)_record.Length);
        MemoryMarshal.Write(head[sizeof(uint)..], Crc32C.Append(0, _record.Written));
        _stream.Write(head);
        _stream.Write(_record.Written);
    }
}
