using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// The journal as one append-only file a catalog: a random name, then records of length, check and change. A torn end is cut off by the next append. Who has the file open
/// excludes all others, between processes too, so everybody waits a little for the other.
/// </summary>
/// <param name="dataDirectory">The data folder.</param>
/// <param name="time">The clock.</param>
public sealed class FileChangeJournal(string dataDirectory, TimeProvider time) : IChangeJournal
{
    /// <summary>Bytes of a catalog's journal at most.</summary>
    public const long MaxBytes = 1L << 30;

    private const int NameBytes = 16;
    private const int HeadBytes = sizeof(int) + sizeof(ulong);
    private const int MaxRecord = 64 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async ValueTask AppendAsync(string catalog, IEnumerable<ReadOnlyMemory<byte>> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(changes);
        Directory.CreateDirectory(Folder);
        using var file = (await OpenAsync(catalog, FileMode.OpenOrCreate, cancellationToken).ConfigureAwait(false))!;
        var (_, end) = Scan(file, 0, null);
        var begin = end;
        try
        {
            if (end == 0)
            {
                file.SetLength(0);
                file.Write(RandomNumberGenerator.GetBytes(NameBytes));
                end = NameBytes;
            }

            file.SetLength(end);
            file.Position = end;
            foreach (var change in changes)
            {
                Append(file, change.Span);
            }

            file.Flush(flushToDisk: true);
        }
        catch
        {
            // All or none: what is there of these changes goes.
            file.SetLength(begin);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<JournalledChange>> ReadAsync(string catalog, string? after, CancellationToken cancellationToken)
    {
        using var file = await OpenAsync(catalog, FileMode.Open, cancellationToken).ConfigureAwait(false);
        if (file is null)
        {
            return [];
        }

        var found = new List<JournalledChange>();
        Scan(file, PositionIn(file, after), found);
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask TrimAsync(string catalog, string through, CancellationToken cancellationToken)
    {
        using var file = await OpenAsync(catalog, FileMode.Open, cancellationToken).ConfigureAwait(false);
        if (file is not null && PositionIn(file, through) is var applied && applied > 0 && Scan(file, 0, null).End == applied)
        {
            File.Delete(file.Name);
        }
    }

    private string Folder => Path.Combine(dataDirectory, "changes");

    private static void Append(FileStream file, ReadOnlySpan<byte> change)
    {
        if (file.Position + HeadBytes + change.Length > MaxBytes)
        {
            throw new ReindexException("journal_full", $"More than {MaxBytes >> 20} MiB of changes wait for a build of this catalog. Let the build that runs end, or cancel it.");
        }

        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, change.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(head[sizeof(int)..], Digests.Of(change).High);
        file.Write(head);
        file.Write(change);
    }

    /// <summary>Where a position is in this file; 0 for none and for one of another file.</summary>
    private static long PositionIn(FileStream file, string? position)
    {
        var name = NameOf(file);
        return position is not null && name is not null && position.Split(':') is [var journal, var at] && journal == name
            && long.TryParse(at, NumberStyles.None, CultureInfo.InvariantCulture, out var offset) && offset <= file.Length
            ? offset
            : 0;
    }

    private static string? NameOf(FileStream file)
    {
        var name = new byte[NameBytes];
        file.Position = 0;
        return file.ReadAtLeast(name, NameBytes, throwOnEndOfStream: false) == NameBytes ? Convert.ToHexStringLower(name) : null;
    }

    /// <summary>Reads the sound records behind a place; answers where they end, 0 for a file without a name.</summary>
    private static (string? Name, long End) Scan(FileStream file, long from, List<JournalledChange>? found)
    {
        var name = NameOf(file);
        if (name is null)
        {
            return (null, 0);
        }

        var end = Math.Max(from, NameBytes);
        file.Position = end;
        var head = new byte[HeadBytes];
        while (file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(head);
            if (length is < 0 or > MaxRecord || length > file.Length - file.Position)
            {
                break;
            }

            var change = new byte[length];
            file.ReadExactly(change);
            if (Digests.Of(change).High != BinaryPrimitives.ReadUInt64LittleEndian(head.AsSpan(sizeof(int))))
            {
                break;
            }

            end = file.Position;
            found?.Add(new JournalledChange(string.Create(CultureInfo.InvariantCulture, $"{name}:{end}"), change));
        }

        return (name, end);
    }

    /// <summary>Opens the file for this caller alone; null when it is to exist and does not.</summary>
    private async ValueTask<FileStream?> OpenAsync(string catalog, FileMode mode, CancellationToken cancellationToken)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None | FileShare.Delete };
        if (mode == FileMode.OpenOrCreate && !OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new FileStream(Path.Combine(Folder, catalog + ".journal"), options);
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                return null;
            }
            catch (IOException) when (time.GetElapsedTime(began) < Patience)
            {
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
