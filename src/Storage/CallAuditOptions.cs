using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Storage;

/// <summary>The record of calls. Configuration section <c>Audit</c>.</summary>
public sealed class CallAuditOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Audit";

    /// <summary>Days that a call stays recorded, 1 to 3650. Default: 30.</summary>
    [Range(1, 3650)]
    public int CallDays { get; set; } = 30;
}
