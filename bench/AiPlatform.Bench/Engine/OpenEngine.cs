using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Engine;

/// <summary>Opens an engine over a folder.</summary>
/// <param name="folder">Folder of the index.</param>
/// <param name="embedder">Makes the query vectors; null for an index without vectors.</param>
internal delegate BenchEngine OpenEngine(string folder, IProductEmbedder? embedder);
