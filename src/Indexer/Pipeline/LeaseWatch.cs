using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Tells whether whoever holds a catalog may be dead: it holds it by a lease, has given no sign of life since this first looked, and not so long a time has passed that the lease of a dead one would be over. One use.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LeaseWatch(TimeProvider time)
{
    private long _began;
    private string? _sign;
    private int _looks;

    /// <summary>Whether it has looked once.</summary>
    public bool IsFirst => _looks == 1;

    /// <summary>Looks.</summary>
    /// <param name="busy">What an attempt to build met.</param>
    public bool MayBeDead(CatalogBusyException busy)
    {
        if (busy.Lease is not { } lease)
        {
            return false;
        }

        if (_looks++ == 0)
        {
            _began = time.GetTimestamp();
        }

        _sign ??= busy.SignOfLife;
        return (busy.SignOfLife is null || busy.SignOfLife == _sign) && time.GetElapsedTime(_began) < 2 * lease;
    }
}
