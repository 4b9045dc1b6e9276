namespace AiPlatform.Core.Models;

/// <summary>Where a registered model is in its life.</summary>
public enum ModelStatus
{
    /// <summary>Recorded; nothing was checked yet.</summary>
    Registered = 0,

    /// <summary>Its artifact is being checked.</summary>
    Validating,

    /// <summary>It is being brought to its target.</summary>
    Deploying,

    /// <summary>It can answer requests.</summary>
    Active,

    /// <summary>Validation or deployment failed.</summary>
    Failed,

    /// <summary>Kept for the record; it answers nothing.</summary>
    Retired,
}
