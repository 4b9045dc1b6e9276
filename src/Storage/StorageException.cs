namespace AiPlatform.Storage;

/// <summary>State cannot be used as configured. The message says what to do and holds no secret.</summary>
/// <param name="code">Stable snake_case code, such as <c>pepper_mismatch</c>.</param>
/// <param name="message">What is wrong, where, and what to do.</param>
/// <param name="inner">What led to it.</param>
public sealed class StorageException(string code, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Stable snake_case code.</summary>
    public string Code { get; } = code;
}
