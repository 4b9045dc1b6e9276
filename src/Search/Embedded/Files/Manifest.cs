using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>The one file that says what a catalog is: its generations, newest first; the first is live. Replaced whole, by renaming.</summary>
/// <param name="Generations">At most <see cref="MaxGenerations"/>.</param>
internal sealed partial record Manifest(ImmutableArray<GenerationFiles> Generations)
{
    public const string FileName = "manifest.json";
    public const string TemporaryName = "manifest.json.new";

    /// <summary>The live generation and the one to roll back to.</summary>
    public const int MaxGenerations = 2;

    public static Manifest Empty { get; } = new([]);

    [System.Text.Json.Serialization.JsonIgnore]
    public long NextNumber => Generations.IsEmpty ? 1 : Generations.Max(g => g.Info.Number) + 1;

    /// <summary>Every file the manifest needs, itself included.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IEnumerable<string> Files => Generations.SelectMany(g => g.Files).Append(FileName);

    /// <summary>Reads the manifest; <see cref="Empty"/> when there is none.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Manifest Load(IIndexDirectory directory)
    {
        if (directory.Read(FileName) is not { } bytes)
        {
            return Empty;
        }

        try
        {
            var stored = JsonSerializer.Deserialize(bytes, ManifestJson.Default.StoredManifest) ?? throw new InvalidDataException("The manifest is empty.");
            return IsWhole(stored.Manifest) && stored.Checksum == ChecksumOf(stored.Manifest) ? stored.Manifest : throw new InvalidDataException("The manifest fails its checksum. Index the catalog again, or restore the folder from a backup.");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException("The manifest is not readable. Index the catalog again, or restore the folder from a backup.", e);
        }
    }

    /// <summary>Writes beside, syncs, renames, syncs the folder: after a crash at any point either the old or the new manifest is there, whole.</summary>
    public void Save(IIndexDirectory directory)
    {
        using (var stream = directory.Create(TemporaryName))
        {
            stream.Write(JsonSerializer.SerializeToUtf8Bytes(new StoredManifest(this, ChecksumOf(this)), ManifestJson.Default.StoredManifest));
            stream.Flush();
        }

        directory.Sync(TemporaryName);
        directory.SyncEntries();
        directory.Rename(TemporaryName, FileName);
        directory.SyncEntries();
    }

    /// <summary>The highest generation number that a damaged manifest or the names of files tell of: numbers are never used twice, caches key on them.</summary>
    public static long HighestNumberIn(IIndexDirectory directory)
    {
        var text = Encoding.UTF8.GetString(directory.Read(FileName) ?? []) + string.Join(' ', directory.List());
        return NumberPattern().Matches(text)
            .Select(m => long.TryParse(m.Groups[1].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0)
            .DefaultIfEmpty(0)
            .Max();
    }

    [GeneratedRegex("(?:\"number\": *|(?:segment|deleted|attachment)-)([0-9]{1,15})")]
    private static partial Regex NumberPattern();

    private static bool IsWhole(Manifest manifest) =>
        manifest is { Generations.IsDefault: false }
        && manifest.Generations.All(g => g is { Info: not null, Analyzer: not null, Attachments: not null, Segments.IsDefault: false } && g.Segments.All(s => s?.Segment is not null));

    private static uint ChecksumOf(Manifest manifest) => Crc32C.Append(0, JsonSerializer.SerializeToUtf8Bytes(manifest, ManifestJson.Default.Manifest));
}
