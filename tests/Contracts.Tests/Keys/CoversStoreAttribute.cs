namespace AiPlatform.Contracts.Tests.Keys;

/// <summary>Names the implementation a suite runs over.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class CoversStoreAttribute(string implementation) : Attribute
{
    public string Implementation { get; } = implementation;
}
