namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>One line or pair of lines of a bulk.</summary>
/// <param name="Slot">The product's slot in the table.</param>
/// <param name="Sequence">Which write of the build it is.</param>
/// <param name="Start">Where its bytes begin in the batch.</param>
/// <param name="Length">How many they are.</param>
internal readonly record struct BulkItem(int Slot, uint Sequence, int Start, int Length);
