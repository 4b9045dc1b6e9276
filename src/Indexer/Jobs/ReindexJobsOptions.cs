using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Indexer.Jobs;

/// <summary>Bounds of the jobs, section <c>Reindex</c> of the configuration.</summary>
public sealed class ReindexJobsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Reindex";

    /// <summary>Jobs that a worker runs at once, each of another catalog. Default 2.</summary>
    [Range(1, 64)]
    public int MaxRunning { get; set; } = 2;

    /// <summary>Jobs of all servers that wait while <see cref="MaxRunning"/> run; a start beyond is refused. Default 16.</summary>
    [Range(0, 1_000)]
    public int MaxQueued { get; set; } = 16;

    /// <summary>Jobs of all servers that have ended and are remembered; the one that ended first goes first. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxEnded { get; set; } = 1_000;

    /// <summary>Folder of dead letters and spool. Set by the host.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";
}
