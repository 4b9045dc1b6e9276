namespace AiPlatform.Core.Catalog;

/// <summary>A product that an engine took and then could not index, such as one that breaks a bound of the index. The build goes on without it.</summary>
/// <param name="Id">The product's id.</param>
/// <param name="Code">Stable snake_case code of the engine's reason.</param>
/// <param name="Reason">The reason in words, for the dead-letter file. Bounded.</param>
public sealed record RefusedProduct(string Id, string Code, string Reason);
