namespace AiPlatform.Indexer.Worker;

/// <summary>Whether the worker of this process can work, for whoever watches over the process. Thread-safe.</summary>
public sealed class WorkerCondition
{
    private volatile bool _broken;

    /// <summary>
    /// Whether it can, as far as it knows: false from the moment it had to give up its work and try again, which its log explains (event 4032), until it has looked for
    /// orders once more. True before it began, of one that stands by, and of a process without a worker.
    /// </summary>
    public bool IsAble => !_broken;

    internal void Tell(bool able) => _broken = !able;
}
