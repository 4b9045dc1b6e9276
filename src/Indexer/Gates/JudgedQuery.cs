namespace AiPlatform.Indexer.Gates;

/// <summary>A query and how well products answer it.</summary>
/// <param name="Text">The query.</param>
/// <param name="Gains">Gain by product id.</param>
internal sealed record JudgedQuery(string Text, IReadOnlyDictionary<string, double> Gains);
