namespace AiPlatform.Search.Embedded.Files;

/// <summary>A segment as one generation sees it.</summary>
/// <param name="Segment">File of the segment.</param>
/// <param name="Tombstones">File of its tombstones in this generation; null when nothing is deleted.</param>
/// <param name="Deleted">Products deleted.</param>
internal sealed record SegmentFiles(string Segment, string? Tombstones, int Deleted);
