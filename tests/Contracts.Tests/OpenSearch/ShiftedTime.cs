namespace AiPlatform.Contracts.Tests.OpenSearch;

/// <summary>The system's clock, by so much later.</summary>
internal sealed class ShiftedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + by;
}
