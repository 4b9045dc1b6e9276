namespace AiPlatform.Indexer.Jobs;

/// <summary>A job, to be followed by whoever was given it, on whichever machine it runs. Thread-safe.</summary>
public sealed class ReindexRun
{
    private readonly ReindexJobs _jobs;
    private volatile ReindexJobInfo _last;

    internal ReindexRun(ReindexJobInfo job, ReindexJobs jobs)
    {
        _last = job;
        _jobs = jobs;
    }

    /// <summary>Its id.</summary>
    public string Id => _last.Id;

    /// <summary>Whether <see cref="WaitAsync"/> waits no longer, because this server stops. The job itself goes on, here or elsewhere.</summary>
    public bool IsGivenUp => _jobs.IsStopping;

    /// <summary>The job as it was when it was last looked at; as it is now when it runs in this process.</summary>
    public ReindexJobInfo Look() => _jobs.LookHere(_last.Id) ?? _last;

    /// <summary>Waits for the end of the job, whatever comes of it.</summary>
    /// <param name="patience">How long at most; <see cref="Timeout.InfiniteTimeSpan"/> for as long as it takes.</param>
    /// <param name="cancellationToken">Gives up waiting; the job goes on.</param>
    /// <returns>The job as it is then.</returns>
    public async ValueTask<ReindexJobInfo> WaitAsync(TimeSpan patience, CancellationToken cancellationToken) =>
        _last = await _jobs.WaitAsync(_last, patience, cancellationToken).ConfigureAwait(false);
}
