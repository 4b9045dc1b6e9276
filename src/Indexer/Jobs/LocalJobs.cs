using System.Collections.Concurrent;

namespace AiPlatform.Indexer.Jobs;

/// <summary>The jobs that run in this process: their progress is known here before it is in the database, and they can be stopped at once. Thread-safe.</summary>
internal sealed class LocalJobs
{
    private readonly ConcurrentDictionary<string, LocalJob> _jobs = new(StringComparer.Ordinal);

    public JobBell Bell { get; } = new();

    public LocalJob? Find(string id) => _jobs.GetValueOrDefault(id);

    public void Add(LocalJob job)
    {
        _jobs[job.Id] = job;
        Bell.Ring();
    }

    public void Remove(LocalJob job)
    {
        _jobs.TryRemove(KeyValuePair.Create(job.Id, job));
        Bell.Ring();
    }
}
