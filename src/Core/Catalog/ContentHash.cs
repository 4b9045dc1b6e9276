namespace AiPlatform.Core.Catalog;

/// <summary>A 128-bit digest of a product's content, to tell whether it changed.</summary>
/// <param name="High">Upper 64 bits.</param>
/// <param name="Low">Lower 64 bits.</param>
public readonly record struct ContentHash(ulong High, ulong Low);
