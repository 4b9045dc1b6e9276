namespace AiPlatform.Storage.Policy;

/// <summary>How bad a finding in a policy file is.</summary>
public enum PolicySeverity
{
    /// <summary>The policy is used, but says something that is probably not meant.</summary>
    Warning = 0,

    /// <summary>The policy is refused.</summary>
    Error,
}
