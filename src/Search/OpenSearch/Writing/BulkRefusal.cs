namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>An item that the cluster will never take.</summary>
/// <param name="Slot">The product's slot in the table.</param>
/// <param name="Sequence">Which write of the build it was.</param>
/// <param name="Type">The cluster's type of error.</param>
/// <param name="Reason">The cluster's words.</param>
internal readonly record struct BulkRefusal(int Slot, uint Sequence, string Type, string Reason);
