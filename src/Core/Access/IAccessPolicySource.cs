namespace AiPlatform.Core.Access;

/// <summary>The policy in force. Swapped whole; a reader that keeps the answer works with one consistent policy.</summary>
public interface IAccessPolicySource
{
    /// <summary>The last valid policy.</summary>
    AccessPolicy Current { get; }
}
