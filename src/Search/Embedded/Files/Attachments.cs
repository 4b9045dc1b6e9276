using System.Globalization;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>Files attached to a generation. Their checksum is part of their name, so that the content stays exactly what was attached.</summary>
internal static class Attachments
{
    /// <summary>A name no other attachment of the generation has.</summary>
    public static string FileName(long generation, int number, ReadOnlySpan<byte> content) =>
        string.Create(CultureInfo.InvariantCulture, $"attachment-{generation}-{number}-{Crc32C.Append(0, content):x8}.bin");

    /// <summary>The content; null when the file is missing or damaged.</summary>
    public static byte[]? Read(IIndexDirectory directory, string file) =>
        directory.Read(file) is { } content && Path.GetFileNameWithoutExtension(file).EndsWith(Crc32C.Append(0, content).ToString("x8", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            ? content
            : null;
}
