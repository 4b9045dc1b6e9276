using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Decides what a change means, so that a late write never wins: versions are compared with those of the product and of its tombstone. Without versions the later
/// write is taken. In a full build a row of the very version that is known may still change the product, because the mapping may have changed; in an incremental one not.
/// </summary>
/// <param name="find">What is there of an id.</param>
/// <param name="tombstones">What is gone.</param>
/// <param name="isFull">Whether the build is full.</param>
internal sealed class ChangeJudge(Func<string, ProductStamp?> find, TombstoneBook tombstones, bool isFull)
{
    public (Verdict Verdict, ProductStamp? Before) Judge(in SpoolEntry entry)
    {
        var before = find(entry.Id);
        return (Of(entry, before), before);
    }

    private Verdict Of(in SpoolEntry entry, ProductStamp? before)
    {
        if (entry.Version > 0 && entry.Version <= tombstones.VersionOf(entry.Id))
        {
            return entry.IsDeletion && before is null ? Verdict.Nothing : Verdict.Stale;
        }

        if (before is not { } known)
        {
            return entry.IsDeletion ? Verdict.Nothing : Verdict.Add;
        }

        var versioned = entry.Version > 0 && known.Version > 0;
        if (entry.IsDeletion)
        {
            return versioned && entry.Version <= known.Version ? Verdict.Stale : Verdict.Delete;
        }

        if (versioned && entry.Version < known.Version)
        {
            return Verdict.Stale;
        }

        return entry.Content == known.Content && entry.Version <= known.Version ? Verdict.Keep
            : versioned && entry.Version == known.Version && !isFull ? Verdict.Stale
            : Verdict.Update;
    }
}
