using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Jobs;

/// <summary>
/// The jobs of all nodes: what was ordered, who works on it, how far it is and what came of it. At most one job a catalog runs, and the others wait in
/// the order they came in. A running job belongs to
/// an owner as long as the owner's heartbeat is younger than a lease; nodes compare it by their own clocks, which have to agree to within a second or two.
/// Every method needs a system scope. Thread-safe.
/// </summary>
public interface IReindexJobStore
{
    /// <summary>
    /// Takes an order: answers the job an earlier order of the same key was answered with, or one of the catalog of equal options that waits (or, where the order says so, runs) and nobody wants to
    /// stop, or a new one that waits behind those that are there.
    /// </summary>
    /// <param name="system">A system scope.</param>
    /// <param name="order">What is wanted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<ReindexJobAnswer> OrderAsync(AccessScope system, ReindexJobOrder order, CancellationToken cancellationToken);

    /// <summary>Books a job that runs already, outside the queue: it does not stand in the way of another of its catalog, and nobody takes it over.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="order">What is done; bounds and key are not looked at.</param>
    /// <param name="owner">Who does it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<ReindexJobRecord> RecordAsync(AccessScope system, ReindexJobOrder order, string owner, CancellationToken cancellationToken);

    /// <summary>A job; null when there is none of the id.</summary>
    ValueTask<ReindexJobRecord?> FindAsync(AccessScope system, string id, CancellationToken cancellationToken);

    /// <summary>The latest jobs, newest first.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="catalog">Of this catalog; null for all.</param>
    /// <param name="count">How many at most.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<IReadOnlyList<ReindexJobRecord>> LatestAsync(AccessScope system, string? catalog, int count, CancellationToken cancellationToken);

    /// <summary>The jobs that could run now: of each catalog that has none running the one that waits longest; in the order they came in, at most 1,000.</summary>
    ValueTask<IReadOnlyList<ReindexJobRecord>> WaitingAsync(AccessScope system, CancellationToken cancellationToken);

    /// <summary>Makes a job that waits, or whose owner's heartbeat is older than the lease, run with a new owner. Counts as another attempt.</summary>
    /// <returns>The job; null when it is not to be had, because another one of its catalog runs or waits longer, too.</returns>
    ValueTask<ReindexJobRecord?> ClaimAsync(AccessScope system, string id, string owner, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Renews the heartbeat of a running job and notes its progress.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="id">The job.</param>
    /// <param name="owner">Its owner.</param>
    /// <param name="progress">How far it is; null leaves what was noted.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The job, which says whether somebody wants it to stop; null when it has another owner or has ended.</returns>
    ValueTask<ReindexJobRecord?> BeatAsync(AccessScope system, string id, string owner, string? progress, CancellationToken cancellationToken);

    /// <summary>Books the end of a running job. One that was cancelled by the call that ordered it forgets its idempotency keys.</summary>
    /// <returns>Whether it was the owner's to end.</returns>
    ValueTask<bool> EndAsync(AccessScope system, string id, string owner, ReindexJobEnd end, CancellationToken cancellationToken);

    /// <summary>Gives a running job back: it waits again, for any owner, unless somebody asked it to stop; then it ends as cancelled.</summary>
    /// <returns>Whether it was the owner's to give.</returns>
    ValueTask<bool> ReleaseAsync(AccessScope system, string id, string owner, CancellationToken cancellationToken);

    /// <summary>Asks a job to stop; the first to ask is remembered. One that waits ends at once, and one that has ended stays as it is.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="id">The job.</param>
    /// <param name="by">Who asks.</param>
    /// <param name="withdrawn">Whether it is the call that ordered it.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The job after that; null when there is none of the id.</returns>
    ValueTask<ReindexJobRecord?> CancelAsync(AccessScope system, string id, string by, bool withdrawn, CancellationToken cancellationToken);

    /// <summary>
    /// Frees the jobs whose owner's heartbeat is older than the lease: those that were to stop end as cancelled, those outside the queue end as
    /// failed, and the others wait again.
    /// </summary>
    /// <returns>How many.</returns>
    ValueTask<int> ReleaseAbandonedAsync(AccessScope system, TimeSpan lease, CancellationToken cancellationToken);

    /// <summary>Forgets the jobs that ended longest ago, with their idempotency keys.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="keep">How many that have ended stay.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask TrimAsync(AccessScope system, int keep, CancellationToken cancellationToken);
}
