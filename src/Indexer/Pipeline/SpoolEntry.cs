using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>A change read back from a spool or a journal: a product, or that it is gone.</summary>
/// <param name="Id">The product's id.</param>
/// <param name="Content">Digest of the product's content; default for a deletion.</param>
/// <param name="Version">The source's version, from 1; 0 for none.</param>
/// <param name="IsDeletion">Whether the product is gone.</param>
/// <param name="Bytes">The product's canonical bytes. Valid until the next entry is read.</param>
internal readonly record struct SpoolEntry(string Id, ContentHash Content, long Version, bool IsDeletion, ReadOnlyMemory<byte> Bytes)
{
    public Product Product() => ProductCodec.Read(Bytes.Span);
}
