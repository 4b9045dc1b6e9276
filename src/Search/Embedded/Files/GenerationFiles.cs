using System.Collections.Immutable;
using System.Text.Json.Serialization;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embedded.Files;

/// <summary>The files of one generation.</summary>
/// <param name="Info">What it holds.</param>
/// <param name="Analyzer">Analyzer of its texts.</param>
/// <param name="Segments">Its segments, in ordinal order.</param>
/// <param name="Attachments">Attachment name to file.</param>
internal sealed record GenerationFiles(
    GenerationInfo Info,
    string Analyzer,
    ImmutableArray<SegmentFiles> Segments,
    ImmutableSortedDictionary<string, string> Attachments)
{
    [JsonIgnore]
    public IEnumerable<string> Files =>
        Segments.Select(s => s.Segment).Concat(Segments.Select(s => s.Tombstones).OfType<string>()).Concat(Attachments.Values);
}
