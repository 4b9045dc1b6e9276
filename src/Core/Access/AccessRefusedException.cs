namespace AiPlatform.Core.Access;

/// <summary>The caller has no right to what it asked for. Only the edge turns it into an answer; the message is safe to show.</summary>
/// <param name="code">Stable snake_case code.</param>
/// <param name="message">What is wrong and what to do, without telling what exists.</param>
public sealed class AccessRefusedException(string code, string message) : Exception(message)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;
}
