using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Remembers which state of its source the live generation of a catalog holds, so that a source that did not change need not be read. A file of the data folder: lost or
/// unreadable it costs one reading. Good for one mapping, one embedding model and one generation; a rollback or any other swap makes it worthless.
/// </summary>
internal sealed class SourceMemory
{
    private readonly string _path;
    private readonly string _mapping;
    private readonly string _embedder;

    private SourceMemory(string path, string mapping, string embedder) => (_path, _mapping, _embedder) = (path, mapping, embedder);

    /// <summary>The memory of a run; null for one that reads in any case: a dry run, a forced one, one of changes.</summary>
    public static SourceMemory? Of(ReindexRequest request, IEmbedderProvider? embedders) =>
        request is { DryRun: false, Force: false, Mode: ReindexMode.Full }
            ? new SourceMemory(Path.Combine(request.DataDirectory, "sources", request.Catalog + ".json"), request.Mapping.Digest, embedders?.Key ?? "")
            : null;

    /// <summary>The fingerprint of the source that a generation was made from; null when it is not known.</summary>
    public string? Known(GenerationInfo generation)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(File.ReadAllBytes(_path)) is { } entry && entry == Of(entry.Fingerprint, generation) ? entry.Fingerprint : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Notes which state of the source a generation holds.</summary>
    public void Remember(string? fingerprint, GenerationInfo generation)
    {
        if (fingerprint is null)
        {
            return;
        }

        Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
        var beside = _path + ".new";
        File.WriteAllBytes(beside, JsonSerializer.SerializeToUtf8Bytes(Of(fingerprint, generation)));
        File.Move(beside, _path, overwrite: true);
    }

    /// <summary>The time tells a generation from one of the same number of another engine or another folder.</summary>
    private Entry Of(string fingerprint, GenerationInfo generation) => new(fingerprint, _mapping, _embedder, generation.Number, generation.CreatedAt.ToUnixTimeSeconds());

    private sealed record Entry(string Fingerprint, string Mapping, string Embedder, long Generation, long CreatedAt);
}
