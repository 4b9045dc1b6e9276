namespace AiPlatform.Core.Usage;

/// <summary>What a group used of a model in the time asked for.</summary>
/// <param name="Group">The group.</param>
/// <param name="Provider">The provider.</param>
/// <param name="Model">The model.</param>
/// <param name="Requests">Calls.</param>
/// <param name="InputTokens">Tokens of all inputs.</param>
/// <param name="OutputTokens">Tokens of all outputs.</param>
/// <param name="CostUsd">Sum of the known prices, in US dollars.</param>
/// <param name="RequestsWithoutPrice">Calls whose price is not known, and so are not in <paramref name="CostUsd"/>.</param>
public sealed record UsageTotal(string Group, string Provider, string Model, long Requests, long InputTokens, long OutputTokens, decimal CostUsd, long RequestsWithoutPrice);
