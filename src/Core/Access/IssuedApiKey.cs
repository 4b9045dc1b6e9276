namespace AiPlatform.Core.Access;

/// <summary>A key just made: the only time its secret is seen.</summary>
/// <param name="Record">The stored record.</param>
/// <param name="Secret">The whole key, <c>aip_…</c>, to be shown once and kept by its owner.</param>
public sealed record IssuedApiKey(ApiKeyRecord Record, string Secret)
{
    /// <summary>The record only: a secret must not reach a log by accident.</summary>
    public override string ToString() => Record.Prefix;
}
