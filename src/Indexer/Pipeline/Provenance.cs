using System.Text.Json;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>How a generation was made, kept with it, so that a dry run can say what would be made otherwise.</summary>
/// <param name="Mapping">Name of the mapping.</param>
/// <param name="MappingDigest">Digest of its text.</param>
/// <param name="Analyzer">The analyzer.</param>
internal sealed record Provenance(string Mapping, string MappingDigest, string Analyzer)
{
    /// <summary>Name of the attachment.</summary>
    public const string Attachment = "made-by.json";

    public static Provenance Of(ReindexRequest request) => new(request.Mapping.Name, request.Mapping.Digest, request.Mapping.Analyzer);

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
    public IEnumerable<string> DifferencesTo(Provenance? live, GenerationInfo? generation, bool hasEmbedder)
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

        if (hasEmbedder != generation.EmbeddingModel.Length > 0)
        {
            yield return hasEmbedder ? "embedding: the live generation has no vectors, the new one would" : $"embedding: the vectors of {generation.EmbeddingModel} would go";
        }
    }
}
