using System.Collections.Immutable;

namespace AiPlatform.Search.Embedded.Writing;

/// <summary>A build at a moment when no segment is open: what its log starts with.</summary>
/// <param name="Format">Format of the log's records.</param>
/// <param name="Key">What is being built.</param>
/// <param name="Generation">The number it will have.</param>
/// <param name="BaseGeneration">Number of the generation it starts from; 0 for none.</param>
/// <param name="Analyzer">Its analyzer.</param>
/// <param name="EmbeddingModel">Its embedding model.</param>
/// <param name="Dimensions">Dimensions of its vectors.</param>
/// <param name="Kept">Bitmap of the products kept, by ordinal.</param>
/// <param name="Gone">Bitmap of the products replaced or deleted.</param>
/// <param name="Segments">The closed segments.</param>
/// <param name="Attachments">Attachment name to file.</param>
/// <param name="Attached">Attachments written, replaced ones included.</param>
internal sealed record BuildSnapshot(
    int Format,
    string Key,
    long Generation,
    long BaseGeneration,
    string Analyzer,
    string EmbeddingModel,
    int Dimensions,
    byte[] Kept,
    byte[] Gone,
    ImmutableArray<NewSegment> Segments,
    ImmutableSortedDictionary<string, string> Attachments,
    int Attached)
{
    /// <summary>The format that is written, and the only one that is continued.</summary>
    public const int CurrentFormat = 1;
}
