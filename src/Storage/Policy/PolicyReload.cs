namespace AiPlatform.Storage.Policy;

/// <summary>What a look at the policy file led to.</summary>
public enum PolicyReload
{
    /// <summary>The file is as it was last read.</summary>
    Unchanged = 0,

    /// <summary>The file is valid and in force; its version may be the same when only comments changed.</summary>
    Loaded,

    /// <summary>The file is broken or gone; the policy before stays in force.</summary>
    Refused,
}
