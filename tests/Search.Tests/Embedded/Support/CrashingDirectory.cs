using AiPlatform.Search.Embedded.Files;

namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>
/// A folder that stops at the n-th operation, as a killed process or a machine without power does: from then on nothing reaches the disk.
/// Every write of a stream counts; the one that is hit arrives half. Knows what the disk may lose: contents not synced, entries not synced.
/// </summary>
internal sealed class CrashingDirectory(string path, int crashAt) : IIndexDirectory
{
    private readonly IndexDirectory _real = new(path);
    private readonly HashSet<string> _unsyncedContents = new(StringComparer.Ordinal);
    private readonly List<Action> _undo = [];

    /// <summary>Operations so far.</summary>
    public int Operations { get; private set; }

    public bool Crashed { get; private set; }

    public string PathOf(string name) => _real.PathOf(name);

    public IReadOnlyList<string> List() => _real.List();

    public byte[]? Read(string name) => _real.Read(name);

    public IDisposable? TryLock(string name) => _real.TryLock(name);

    public Stream Create(string name)
    {
        Step();
        Remember(name);
        _unsyncedContents.Add(name);
        return new CountedStream(this, new FileStream(PathOf(name), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0));
    }

    public Stream Continue(string name, long length)
    {
        Step();
        Remember(name);
        _unsyncedContents.Add(name);
        var file = new FileStream(PathOf(name), FileMode.Open, FileAccess.Write, FileShare.Read, bufferSize: 0);
        file.SetLength(length);
        file.Position = length;
        return new CountedStream(this, file);
    }

    public void Sync(string name)
    {
        Step();
        _unsyncedContents.Remove(name);
    }

    public void Rename(string from, string to)
    {
        Step();
        Remember(from);
        Remember(to);
        _real.Rename(from, to);
        if (_unsyncedContents.Remove(from))
        {
            _unsyncedContents.Add(to);
        }
    }

    public void SyncEntries()
    {
        Step();
        _undo.Clear();
    }

    public void Delete(string name)
    {
        if (Crashed)
        {
            return;
        }

        Step();
        Remember(name);
        _real.Delete(name);
    }

    /// <summary>What the power cut did: contents that were not synced are garbage; entries that were not synced are as before, unless they happened to be written.</summary>
    public void LosePower(bool entriesLost)
    {
        foreach (var name in _unsyncedContents.Where(n => File.Exists(PathOf(n))))
        {
            var content = File.ReadAllBytes(PathOf(name));
            content.AsSpan(content.Length / 2).Fill(0xA5);
            File.WriteAllBytes(PathOf(name), content.Length % 2 == 0 ? content : content[..(content.Length / 2)]);
        }

        if (entriesLost)
        {
            _undo.Reverse();
            _undo.ForEach(undo => undo());
        }
    }

    private void Remember(string name)
    {
        var before = _real.Read(name);
        _undo.Add(() =>
        {
            if (before is null)
            {
                File.Delete(PathOf(name));
            }
            else
            {
                File.WriteAllBytes(PathOf(name), before);
            }
        });
    }

    private void Step()
    {
        if (Crashed || ++Operations >= crashAt)
        {
            Crashed = true;
            throw new SimulatedCrashException();
        }
    }

    private sealed class CountedStream(CrashingDirectory owner, FileStream file) : Stream
    {
        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => file.Length;

        public override long Position { get => file.Position; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (buffer.IsEmpty)
            {
                return;
            }

            try
            {
                owner.Step();
            }
            catch (SimulatedCrashException)
            {
                file.Write(buffer[..(buffer.Length / 2)]);
                throw;
            }

            file.Write(buffer);
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            file.Dispose();
            base.Dispose(disposing);
        }
    }
}

