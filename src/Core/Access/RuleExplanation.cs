namespace AiPlatform.Core.Access;

/// <summary>One rule and its outcome.</summary>
/// <param name="Rule">The rule in words, such as <c>accessLevel confidential &lt;= internal</c>.</param>
/// <param name="Holds">Whether it holds.</param>
public sealed record RuleExplanation(string Rule, bool Holds);
