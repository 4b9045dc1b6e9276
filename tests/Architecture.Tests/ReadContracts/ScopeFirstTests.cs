using AiPlatform.Architecture.Tests.Fixtures;
using AiPlatform.Core.Catalog;
using Xunit;

namespace AiPlatform.Architecture.Tests.ReadContracts;

public sealed class ScopeFirstTests
{
    /// <summary>Public interfaces of the contract assemblies, found and not listed, so that a new one cannot be forgotten.</summary>
    private static readonly Type[] Contracts =
        [.. BuiltAssemblies.Loaded.Where(a => a.GetName().Name is "AiPlatform.Core" or "AiPlatform.Router").SelectMany(a => a.GetExportedTypes()).Where(t => t.IsInterface)];

    [Fact]
    public void Contracts_AreFound() => Assert.Contains(typeof(ICatalogIndex), Contracts);

    [Fact]
    public void EveryContract_Takes_AccessScopeFirst() => Assert.Empty(Contracts.SelectMany(c => ScopeFirst.Violations(c)));

    [Fact]
    public void EveryImplementation_Answers_OnlyToAScope() =>
        Assert.Empty(BuiltAssemblies.Loaded.SelectMany(a => a.GetTypes()).SelectMany(t => ScopeFirst.ImplementationViolations(t, Contracts)));

    [Fact]
    public void EveryExemption_IsStillNeeded_AndReasoned()
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        foreach (var contract in Contracts)
        {
            _ = ScopeFirst.Violations(contract, used).Count();
        }

        Assert.Empty(ScopeFirst.Exempt.Keys.Except(used));
        Assert.All(ScopeFirst.Exempt.Values, reason => Assert.True(reason.Length > 10));
    }

    [Theory]
    [InlineData(nameof(IScopelessContract.ReadAsync), "not AccessScope")]
    [InlineData(nameof(IScopelessContract.ReadLateAsync), "not AccessScope")]
    [InlineData(nameof(IScopelessContract.ReadOptionalAsync), "optional")]
    [InlineData(nameof(IScopelessContract.ReadNullableAsync), "may be null")]
    [InlineData(nameof(IScopelessContract.Count), "not AccessScope")]
    public void Guard_ContractWithoutScope_IsFound(string member, string fault) =>
        Assert.Contains(ScopeFirst.Violations(typeof(IScopelessContract)), v => v.Contains($".{member}: ", StringComparison.Ordinal) && v.Contains(fault, StringComparison.Ordinal));

    [Fact]
    public void Guard_SoundMember_IsNotFound() =>
        Assert.DoesNotContain(ScopeFirst.Violations(typeof(IScopelessContract)), v => v.Contains(nameof(IScopelessContract.ReadSoundAsync), StringComparison.Ordinal));

    [Fact]
    public void Guard_ImplementationWithASideDoor_IsFound() =>
        Assert.Equal(
            ["SideDoorCatalog.PeekAsync: the first parameter is not AccessScope"],
            ScopeFirst.ImplementationViolations(typeof(SideDoorCatalog), [typeof(ISoundContract)]));
}
