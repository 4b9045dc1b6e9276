namespace AiPlatform.Search.OpenSearch.State;

/// <summary>A document of the state with what tells whether it changed since.</summary>
/// <param name="Value">What it says.</param>
/// <param name="SequenceNumber">The cluster's sequence number of the write.</param>
/// <param name="PrimaryTerm">The term of the shard that wrote it.</param>
internal sealed record Stored<T>(T Value, long SequenceNumber, long PrimaryTerm);
