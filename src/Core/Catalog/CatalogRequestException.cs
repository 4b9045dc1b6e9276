namespace AiPlatform.Core.Catalog;

/// <summary>A request to a catalog that cannot be answered as it stands. Only the edge turns it into a protocol error; the message is safe to show to the caller.</summary>
/// <param name="code">Stable snake_case code, one of <see cref="CatalogErrors"/>.</param>
/// <param name="argument">The part of the request that is wrong.</param>
/// <param name="message">What is wrong and what to do.</param>
public sealed class CatalogRequestException(string code, string argument, string message) : Exception(message)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;

    /// <summary>The part of the request that is wrong.</summary>
    public string Argument { get; } = argument;
}
