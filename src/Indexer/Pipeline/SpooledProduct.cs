using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>A product read back from the spool.</summary>
/// <param name="Product">The product.</param>
/// <param name="Content">The digest of its content.</param>
internal readonly record struct SpooledProduct(Product Product, ContentHash Content);
