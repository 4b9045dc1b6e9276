namespace AiPlatform.Core.Access;

/// <summary>
/// Where the use of exceptional access is written down. A system scope or acting as a group that cannot be written is refused with
/// <see cref="AccessRefusedException"/> (<c>audit_unavailable</c>): what cannot be audited is not granted. A denial never throws and never waits.
/// </summary>
public interface IAccessAudit
{
    /// <summary>A scope without limits was issued for system work.</summary>
    /// <param name="subject">The component that asked.</param>
    /// <param name="reason">Why, in words.</param>
    void SystemScopeIssued(string subject, string reason);

    /// <summary>An administrator acts as a group it is not a member of.</summary>
    void ActedAsGroup(string subject, string group);

    /// <summary>A request was refused for want of a right.</summary>
    void Denied(string subject, string resource, string action);
}
