using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.State;

/// <summary>A generation as the state knows it. Its index never changes again.</summary>
/// <param name="Info">What is told of it.</param>
/// <param name="Index">Its index.</param>
/// <param name="Analyzer">Its text analyzer.</param>
/// <param name="Definition">Digest of the settings and mapping it was made with: the same digest, and its index can be cloned.</param>
/// <param name="Mapping">Digest of the mapping as the cluster tells it.</param>
/// <param name="Stamps">Sum of the digests of its products' ids and stamps.</param>
/// <param name="WithVector">Products with a vector.</param>
/// <param name="Attachments">Files by name.</param>
internal sealed record StoredGeneration(
    GenerationInfo Info,
    string Index,
    string Analyzer,
    string Definition,
    string Mapping,
    string Stamps,
    int WithVector,
    SortedDictionary<string, StoredFile> Attachments);
