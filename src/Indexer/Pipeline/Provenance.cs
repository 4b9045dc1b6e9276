using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>How a generation was made, kept with it, so that a dry run can say what would be made otherwise.</summary>
/// <param name="Mapping">Name of the mapping.</param>
/// <param name="MappingDigest">Digest of its text.</param>
/// <param name="Analyzer">The analyzer.</param>
/// <param name="Embedder">What its vectors depend on (<see cref="IEmbedderProvider.Key"/>), empty for none; null when a version before this one wrote it.</param>
internal sealed record Provenance(string Mapping, string MappingDigest, string Analyzer, string? Embedder)
{
    /// <summary>Name of the attachment.</summary>
    public const string Attachment = "made-by.json";

    public static Provenance Of(ReindexRequest request, IEmbedderProvider? embedders) =>
        new(request.Mapping.Name, request.Mapping.Digest, request.Mapping.Analyzer, embedders is null or NoEmbedderProvider ? "" : embedders.Key);

    public static Provenance? Read(byte[]? content)
    {
        try
        {
            return content is null ? null : JsonSerializer.Deserialize<Provenance>(content);
        }
        catch (JsonException)
        {
            // Written by another version: nothing is known.
            return null;
        }
    }

    public byte[] Write() => JsonSerializer.SerializeToUtf8Bytes(this);

    /// <summary>What differs from the live generation, in words.</summary>
    public IEnumerable<string> DifferencesTo(Provenance? live, GenerationInfo? generation)
    {
        if (generation is null)
        {
            yield break;
        }

        if (live is not null && live.Analyzer != Analyzer)
        {
            yield return $"analyzer: {live.Analyzer} becomes {Analyzer}, so every product is analysed again";
        }

        if (live is not null && live.MappingDigest != MappingDigest)
        {
            yield return live.Mapping == Mapping ? $"mapping: {Mapping} has changed since generation {generation.Number}" : $"mapping: {live.Mapping} becomes {Mapping}";
        }

        if (EmbeddingDifference(live, generation) is { } embedding)
        {
            yield return embedding;
        }
    }

    private string? EmbeddingDifference(Provenance? live, GenerationInfo generation)
    {
        var has = Embedder is { Length: > 0 };
        var had = live?.Embedder is { } known ? known.Length > 0 : generation.EmbeddingModel.Length > 0;
        return (had, has) switch
        {
            (false, true) => "embedding: the live generation has no vectors, the new one would",
            (true, false) => $"embedding: the vectors of {generation.EmbeddingModel} would go",
            (true, true) when live?.Embedder is { } before && before != Embedder => $"embedding: the model that {generation.EmbeddingModel} came from, or how it is asked, has changed, so every product is embedded again",
            _ => null,
        };
    }
}
