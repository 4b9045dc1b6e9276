using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Indexer.Jobs;

/// <summary>Bounds of the jobs of one process, section <c>Reindex</c> of the configuration.</summary>
public sealed class ReindexJobsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Reindex";

    /// <summary>Jobs that run at once, each of another catalog. Default 2.</summary>
    [Range(1, 64)]
    public int MaxRunning { get; set; } = 2;

    /// <summary>Jobs that wait for one of the running to end; a start beyond is refused. Default 16.</summary>
    [Range(0, 1_000)]
    public int MaxQueued { get; set; } = 16;

    /// <summary>Jobs that have ended and are remembered; the one that ended first goes first. Default 200.</summary>
    [Range(1, 10_000)]
    public int MaxEnded { get; set; } = 200;

    /// <summary>Folder of dead letters and spool. Set by the host.</summary>
    [Required]
    public string DataDirectory { get; set; } = "";
}
