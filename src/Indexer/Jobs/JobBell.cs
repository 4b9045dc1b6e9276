namespace AiPlatform.Indexer.Jobs;

/// <summary>Rung when something about the jobs of this process changed, so that nobody waits for the next look at the database. Thread-safe.</summary>
internal sealed class JobBell
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends with the next ring. Take it before looking, or a ring in between is missed.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    public void Ring() => Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
}
