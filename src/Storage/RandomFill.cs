namespace AiPlatform.Storage;

/// <summary>The source of secrets and ids: fills the span with unpredictable bytes. Default: the system's cryptographic generator.</summary>
/// <param name="bytes">What to fill.</param>
public delegate void RandomFill(Span<byte> bytes);
