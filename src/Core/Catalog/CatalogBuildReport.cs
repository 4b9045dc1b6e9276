namespace AiPlatform.Core.Catalog;

/// <summary>What a finished build holds.</summary>
/// <param name="Products">Live products.</param>
/// <param name="Added">Products that were not there before.</param>
/// <param name="Updated">Products replaced.</param>
/// <param name="Kept">Products kept as they were.</param>
/// <param name="Deleted">Products of the previous generation that are gone.</param>
/// <param name="WithVector">Live products that have a vector.</param>
/// <param name="Bytes">Size of the files.</param>
public sealed record CatalogBuildReport(int Products, int Added, int Updated, int Kept, int Deleted, int WithVector, long Bytes);
