namespace AiPlatform.Core.Catalog;

/// <summary>The engine behind the catalogs cannot do its work: a cluster that is away, overloaded or refuses. The message is for operators and names no product; callers are told the code alone.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">What lies behind it.</param>
public abstract class CatalogEngineException(string code, string message, Exception? inner) : Exception(message, inner)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;

    /// <summary>Whether the same request may well succeed later.</summary>
    public abstract bool IsTransient { get; }
}
