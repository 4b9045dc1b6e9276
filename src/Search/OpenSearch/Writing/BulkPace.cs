using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>How much is sent at once: as much as is allowed, half of it and one by one after the cluster said 429, more again after a while without. Thread-safe.</summary>
internal sealed class BulkPace(OpenSearchOptions options, ILogger logger)
{
    private const int LeastBytes = 64 << 10;
    private const int CleanBeforeFaster = 8;
    private readonly Lock _gate = new();
    private int _clean;

    /// <summary>Bytes of a batch.</summary>
    public int Bytes { get; private set; } = options.BulkBytes;

    /// <summary>Batches under way at once.</summary>
    public int Concurrency { get; private set; } = options.BulkConcurrency;

    /// <summary>The cluster had too much.</summary>
    public void Slow()
    {
        lock (_gate)
        {
            _clean = 0;
            (Bytes, Concurrency) = (Math.Max(Math.Min(LeastBytes, options.BulkBytes), Bytes / 2), 1);
            Log.BulkSlowed(logger, Bytes, Concurrency);
        }
    }

    /// <summary>A batch went through whole.</summary>
    public void Clean()
    {
        lock (_gate)
        {
            if (++_clean % CleanBeforeFaster == 0)
            {
                (Bytes, Concurrency) = (Math.Min(options.BulkBytes, Bytes * 2), Math.Min(options.BulkConcurrency, Concurrency + 1));
            }
        }
    }
}
