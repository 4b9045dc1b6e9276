using System.Collections.Concurrent;
using System.Security.Cryptography;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Embedded.Files;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// The catalogs of a folder, opened at first use and reopened when their manifest changes, also by another process. A reader keeps the
/// generation it entered until it leaves; a damaged new generation leaves the old one in service and is logged.
/// </summary>
internal sealed class OpenCatalogs(EmbeddedCatalogOptions options, IQueryEmbedderSource embedders, TimeProvider time, ILogger logger) : ILiveCatalogs, IDisposable
{
    private const string KeyFile = "cursor.key";
    private readonly ConcurrentDictionary<string, Slot> _slots = new(StringComparer.Ordinal);
    private readonly Lazy<byte[]> _cursorKey = new(() => LoadKey(options.Directory));

    public EmbeddedCatalogOptions Options => options;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Secret of the cursors, kept with the index.</summary>
    public byte[] CursorKey => _cursorKey.Value;

    /// <summary>Names of the catalogs on disk, in order.</summary>
    public IReadOnlyList<string> Names() => !Directory.Exists(options.Directory)
        ? []
        : [.. Directory.EnumerateDirectories(options.Directory).Select(d => Path.GetFileName(d)!).Where(CatalogName.IsValid).Order(StringComparer.Ordinal)];

    public string FolderOf(string catalog) => Path.Combine(options.Directory, catalog);

    /// <summary>Enters the live generation of a catalog as a reader; null when there is none. The caller leaves it.</summary>
    public LiveCatalog? Enter(string catalog)
    {
        if (!CatalogName.IsValid(catalog) || (!_slots.ContainsKey(catalog) && !File.Exists(Path.Combine(FolderOf(catalog), Manifest.FileName))))
        {
            return null;
        }

        var slot = _slots.GetOrAdd(catalog, static _ => new Slot());
        while (true)
        {
            Refresh(catalog, slot, force: false);
            var live = slot.Live;
            if (live is null || live.Generation.TryEnter())
            {
                return live;
            }
        }
    }

    /// <summary>Looks at the manifest now: after this process swapped a generation in.</summary>
    public void Reload(string catalog) => Refresh(catalog, _slots.GetOrAdd(catalog, static _ => new Slot()), force: true);

    /// <summary>Puts an opened generation into service with the embedder of its vectors.</summary>
    public LiveCatalog Serve(CatalogGeneration generation, IIndexDirectory directory)
    {
        var files = generation.Files;
        var embedder = files.Info.Dimensions == 0
            ? null
            : embedders.Find(files.Info.EmbeddingModel, name => files.Attachments.TryGetValue(name, out var file) ? Attachments.Read(directory, file) : null);
        return new LiveCatalog(generation, embedder, options);
    }

    public void Dispose()
    {
        foreach (var slot in _slots.Values)
        {
            lock (slot.Gate)
            {
                slot.Live?.Generation.Leave();
                slot.Live = null;
            }
        }
    }

    private void Refresh(string catalog, Slot slot, bool force)
    {
        var now = time.GetTimestamp();
        if (!force && slot.CheckedAt != 0 && time.GetElapsedTime(slot.CheckedAt, now).TotalMilliseconds < options.ReloadCheckMilliseconds)
        {
            return;
        }

        lock (slot.Gate)
        {
            var manifest = new FileInfo(Path.Combine(FolderOf(catalog), Manifest.FileName));
            var stamp = manifest.Exists ? (manifest.LastWriteTimeUtc.Ticks, manifest.Length) : default;
            // Who comes meanwhile goes on with the generation that is open; while none is, it must wait here or it would find nothing.
            slot.CheckedAt = slot.Live is null ? slot.CheckedAt : now;
            if (force || stamp != slot.Stamp)
            {
                Open(catalog, slot, stamp);
            }

            slot.CheckedAt = now;
        }
    }

    private void Open(string catalog, Slot slot, (long Ticks, long Length) stamp)
    {
        try
        {
            var directory = new IndexDirectory(FolderOf(catalog));
            var manifest = Manifest.Load(directory);
            if (manifest.Generations.IsEmpty || manifest.Generations[0].Info == slot.Live?.Generation.Files.Info)
            {
                slot.Stamp = stamp;
                return;
            }

            var files = manifest.Generations[0];
            var generation = new CatalogGeneration(catalog, files, directory);
            var old = slot.Live;
            slot.Live = Serve(generation, directory);
            old?.Generation.Leave();
            slot.Stamp = stamp;
            Log.GenerationOpened(logger, catalog, generation.Number, generation.LiveCount);
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            // Tried again at the next look; told once a manifest. What is not open is answered as missing, and other catalogs go on.
            if (slot.RefusedStamp != stamp)
            {
                slot.RefusedStamp = stamp;
                Refused(catalog, slot, e);
            }
        }
    }

    private void Refused(string catalog, Slot slot, Exception e)
    {
        if (slot.Live is null)
        {
            Log.CatalogNotOpened(logger, catalog, e.Message);
        }
        else
        {
            Log.GenerationNotOpened(logger, catalog, e);
        }
    }

    private static byte[] LoadKey(string folder)
    {
        Directory.CreateDirectory(folder);
        var path = Path.Combine(folder, KeyFile);
        if (!File.Exists(path))
        {
            var temporary = path + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(4));
            using (var stream = new FileStream(temporary, NewKeyFile()))
            {
                stream.Write(RandomNumberGenerator.GetBytes(32));
                stream.Flush(flushToDisk: true);
            }

            try
            {
                File.Move(temporary, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(temporary);
            }
        }

        return File.ReadAllBytes(path);
    }

    private static FileStreamOptions NewKeyFile()
    {
        var settings = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            settings.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return settings;
    }

    private sealed class Slot
    {
        public Lock Gate { get; } = new();

        public volatile LiveCatalog? Live;

        public (long Ticks, long Length) Stamp { get; set; }

        public (long Ticks, long Length) RefusedStamp { get; set; }

        public long CheckedAt { get; set; }
    }
}
