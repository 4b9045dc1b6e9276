namespace AiPlatform.Bench.Mcp;

/// <summary>A catalog to index before the server starts, by the indexer's own executable.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Source">The products.</param>
/// <param name="Mapping">How they become products.</param>
internal sealed record ServedCatalog(string Name, string Source, string Mapping);
