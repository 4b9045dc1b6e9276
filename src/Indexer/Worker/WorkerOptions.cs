using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Indexer.Worker;

/// <summary>The worker of a process, section <c>Worker</c> of the configuration.</summary>
public sealed class WorkerOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Worker";

    /// <summary>Whether this process does jobs; when not, it takes orders for the workers of other processes. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>What the history calls this worker, with a random ending; 1 to 64 characters. Default: the name of the machine.</summary>
    [Required]
    [StringLength(64, MinimumLength = 1)]
    public string Name { get; set; } = Environment.MachineName;
}
