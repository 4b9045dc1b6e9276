using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// The journal as one append-only file a catalog: a random name, then records of length, check and change. A torn end is cut off by the next append. Who has the file open
/// excludes all others, between processes too, so everybody waits a little for the other.
/// </summary>
/// <param name="dataDirectory">The data folder.</param>
/// <param name="time">The clock.</param>
/// <param name="maxBytes">Bytes of a catalog's journal at most. Default 1 GiB.</param>
public sealed class FileChangeJournal(string dataDirectory, TimeProvider time, long maxBytes = FileChangeJournal.MaxBytes) : IChangeJournal
{
    /// <summary>Bytes of a catalog's journal at most.</summary>
    public const long MaxBytes = 1L << 30;

    private const int NameBytes = 16;
    private const int HeadBytes = sizeof(int) + sizeof(ulong);
    private const int MaxRecord = 64 << 20;
    private const int PieceBytes = 4 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <inheritdoc/>
    public async ValueTask<bool> AppendAsync(AccessScope system, string catalog, IEnumerable<ReadOnlyMemory<byte>> changes, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(changes);
        Directory.CreateDirectory(Folder);
        using var file = (await OpenAsync(catalog, FileMode.OpenOrCreate, cancellationToken).ConfigureAwait(false))!;
        var begin = Scan(file, 0, long.MaxValue, null);
        try
        {
            if (begin == 0)
            {
                file.SetLength(0);
                file.Write(RandomNumberGenerator.GetBytes(NameBytes));
            }
            else
            {
                file.SetLength(begin);
                file.Position = begin;
            }

            var fits = changes.All(change => Append(file, change.Span));
            if (!fits)
            {
                file.SetLength(begin);
            }

            file.Flush(flushToDisk: true);
            return fits;
        }
        catch
        {
            // All or none: what is there of these changes goes.
            file.SetLength(begin);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask<string?> LastAsync(AccessScope system, string catalog, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(system);
        using var file = await OpenAsync(catalog, FileMode.Open, cancellationToken).ConfigureAwait(false);
        return file is not null && NameOf(file) is { } name && Scan(file, 0, long.MaxValue, null) is > NameBytes and var end ? PositionAt(name, end) : null;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<JournalledChange> ReadAsync(AccessScope system, string catalog, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(system);
        for (var position = after; ;)
        {
            var found = new List<JournalledChange>();
            using (var file = await OpenAsync(catalog, FileMode.Open, cancellationToken).ConfigureAwait(false))
            {
                if (file is not null)
                {
                    Scan(file, PositionIn(file, position), PieceBytes, found);
                }
            }

            // Not while the file is open: whoever takes its time must not keep the others waiting.
            foreach (var change in found)
            {
                yield return change;
            }

            if (found.Count == 0)
            {
                break;
            }

            position = found[^1].Position;
        }
    }

    /// <inheritdoc/>
    public async ValueTask TrimAsync(AccessScope system, string catalog, string through, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(system);
        using var file = await OpenAsync(catalog, FileMode.Open, cancellationToken).ConfigureAwait(false);
        if (file is not null && PositionIn(file, through) is var applied && applied > 0 && Scan(file, 0, long.MaxValue, null) == applied)
        {
            File.Delete(file.Name);
        }
    }

    private string Folder => Path.Combine(dataDirectory, "changes");

    /// <summary>False when there is no room for it.</summary>
    private bool Append(FileStream file, ReadOnlySpan<byte> change)
    {
        if (file.Position + HeadBytes + change.Length > maxBytes)
        {
            return false;
        }

        Span<byte> head = stackalloc byte[HeadBytes];
        BinaryPrimitives.WriteInt32LittleEndian(head, change.Length);
        BinaryPrimitives.WriteUInt64LittleEndian(head[sizeof(int)..], Digests.Of(change).High);
        file.Write(head);
        file.Write(change);
        return true;
    }

    private static string PositionAt(string name, long end) => string.Create(CultureInfo.InvariantCulture, $"{name}:{end}");

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

    /// <summary>Reads the sound records behind a place, about as many bytes as are asked for; answers where they end, 0 for a file without a name.</summary>
    private static long Scan(FileStream file, long from, long bytes, List<JournalledChange>? found)
    {
        if (NameOf(file) is not { } name)
        {
            return 0;
        }

        var begin = Math.Max(from, NameBytes);
        var end = begin;
        file.Position = end;
        var head = new byte[HeadBytes];
        while (end - begin < bytes && file.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false) == HeadBytes)
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
            found?.Add(new JournalledChange(PositionAt(name, end), change));
        }

        return end;
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
