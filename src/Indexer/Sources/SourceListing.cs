using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Indexer.Sources;

/// <summary>The files of a source at one moment.</summary>
/// <param name="Files">The files, in the order they are read.</param>
/// <param name="Fingerprint">Stands for this state; null when nothing tells it.</param>
internal sealed record SourceListing(IReadOnlyList<IStoredFile> Files, string? Fingerprint)
{
    private static readonly string[] DataEndings = [".jsonl", ".ndjson", ".json", ".csv", ".tsv"];

    /// <summary>Whether a file of a folder is data by its name; others, such as a read-me or a checksum, are left out.</summary>
    public static bool IsData(string name)
    {
        var plain = name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? name[..^3] : name;
        return DataEndings.Any(e => plain.EndsWith(e, StringComparison.OrdinalIgnoreCase)) && !name.Split('/')[^1].StartsWith('.');
    }

    /// <summary>A digest of what tells the state.</summary>
    public static string Digest(string kind, IEnumerable<string> parts)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
        {
            hash.AppendData(Encoding.UTF8.GetBytes(part));
            hash.AppendData([0]);
        }

        return $"{kind}:{Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 16))}";
    }

    /// <summary>Refuses a listing of nothing or of too much.</summary>
    public static void Check(int files, string display)
    {
        if (files == 0)
        {
            throw new SourceException("source_not_found", $"{display} holds no file ending in .jsonl, .ndjson, .json, .csv or .tsv (each also .gz). Check the source.");
        }

        if (files > SourceLimits.Files)
        {
            throw new SourceException("source_too_large", $"{display} holds more than {SourceLimits.Files} files. Put them together, or name a narrower folder.");
        }
    }
}
