using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Storage.Policy;

/// <summary>Where the policy file is and how often it is looked at. Configuration section <c>Policy</c>.</summary>
public sealed class PolicyFileOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Policy";

    /// <summary>The file. Default: <c>policy.yaml</c> in the working directory.</summary>
    [Required]
    public string Path { get; set; } = "policy.yaml";

    /// <summary>Seconds between looks at the file, for file systems that report no changes. Default 5; 1 to 3600.</summary>
    [Range(1, 3600)]
    public int PollSeconds { get; set; } = 5;

    /// <summary>Milliseconds a reported change rests before the file is read, so that an editor can finish writing. Default 200; 0 to 10000.</summary>
    [Range(0, 10_000)]
    public int SettleMilliseconds { get; set; } = 200;
}
