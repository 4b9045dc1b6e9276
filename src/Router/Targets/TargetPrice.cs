namespace AiPlatform.Router.Targets;

/// <summary>What a model costs, in US dollars a million tokens, and where that is from.</summary>
/// <param name="Input">A million tokens of input.</param>
/// <param name="Output">A million tokens of output.</param>
/// <param name="CachedInput">A million tokens of input that the provider read from its cache; null for <paramref name="Input"/>.</param>
/// <param name="Source">Where the price was read, such as an address.</param>
/// <param name="AsOf">When it was read.</param>
public sealed record TargetPrice(decimal Input, decimal Output, decimal? CachedInput, string Source, DateOnly AsOf)
{
    private const decimal Million = 1_000_000m;

    /// <summary>The cost of a call in US dollars.</summary>
    /// <param name="input">Tokens of input, cached ones included.</param>
    /// <param name="cached">Cached ones of them.</param>
    /// <param name="output">Tokens of output.</param>
    public decimal CostOf(long input, long cached, long output) => (((input - cached) * Input) + (cached * (CachedInput ?? Input)) + (output * Output)) / Million;
}
