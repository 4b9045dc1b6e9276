namespace AiPlatform.McpServer.Rest;

/// <summary>A request that is answered with an error.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Field">The member, parameter or header at fault; null for none.</param>
/// <param name="Retryable">Whether the same request may succeed later.</param>
internal sealed record RestFault(int Status, string Code, string Message, string? Field = null, bool Retryable = false);
