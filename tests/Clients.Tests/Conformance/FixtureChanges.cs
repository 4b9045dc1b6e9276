namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>Changes the lists of the product itself, by taking a right away from the caller's group or giving it back.</summary>
internal sealed class FixtureChanges
{
    /// <summary>Set by the host once its policy is there.</summary>
    public Action Toggle { get; set; } = () => { };

    public void ChangeTools() => Toggle();

    public void ChangePrompts() => Toggle();
}
