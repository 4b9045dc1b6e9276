namespace AiPlatform.Bench.Mcp;

/// <summary>What one load run gave.</summary>
internal sealed record LoadResult(double CallsPerSecond, double MedianMilliseconds, double P99Milliseconds, int Calls);
