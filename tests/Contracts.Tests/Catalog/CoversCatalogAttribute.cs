namespace AiPlatform.Contracts.Tests.Catalog;

/// <summary>Names the engine a suite runs over.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
internal sealed class CoversCatalogAttribute(Type implementation) : Attribute
{
    public Type Implementation { get; } = implementation;
}
