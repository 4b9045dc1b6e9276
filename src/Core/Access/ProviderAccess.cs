using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>A model provider a group may use.</summary>
/// <param name="Provider">Provider name, such as <c>bedrock</c>, <c>openai</c>, <c>anthropic</c>.</param>
/// <param name="Models">Model names, or <c>*</c>. Empty: none.</param>
/// <param name="Priority">Smaller is tried first.</param>
public sealed record ProviderAccess(string Provider, ImmutableArray<string> Models, int Priority);
