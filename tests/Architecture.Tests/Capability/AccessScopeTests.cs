using System.Text.Json;
using AiPlatform.Architecture.Tests.Fixtures;
using AiPlatform.Core.Access;
using Xunit;

namespace AiPlatform.Architecture.Tests.Capability;

public sealed class AccessScopeTests
{
    [Fact]
    public void AccessScope_Shape_IsACapability() => Assert.Empty(CapabilityShape.Violations(typeof(AccessScope)));

    [Fact]
    public void AccessScope_Json_CannotMakeOne() =>
        Assert.ThrowsAny<NotSupportedException>(() => JsonSerializer.Deserialize<AccessScope>("""{"Subject":"mallory","AdministratorLevel":9}"""));

    [Theory]
    [MemberData(nameof(Assemblies))]
    public void Scopes_AreMade_OnlyWhereAllowed(string assembly) =>
        Assert.Empty(IssuerUse.Violations(
            BuiltAssemblies.Definitions.Single(a => a.Name.Name == $"AiPlatform.{assembly}"), IssuerUse.CompositionRoots, IssuerUse.SystemWork));

    [Fact]
    public void AllowLists_NameOnly_WhatIsUsed() => Assert.Empty(IssuerUse.Unused(BuiltAssemblies.Definitions, IssuerUse.CompositionRoots, IssuerUse.SystemWork));

    [Fact]
    public void Guard_ListedTypeThatStopped_IsFound() =>
        Assert.Equal(
            [typeof(OpenCapability).FullName!, typeof(OpenCapability).FullName!],
            IssuerUse.Unused([BuiltAssemblies.Self], [typeof(OpenCapability).FullName!, typeof(ScopeForger).FullName!], [typeof(OpenCapability).FullName!]));

    public static TheoryData<string> Assemblies() => [.. BuiltAssemblies.Names];

    [Theory]
    [InlineData("constructs AccessScope.Issuer")]
    [InlineData("asks for a system scope")]
    [InlineData("reason that is no literal")]
    [InlineData("makes an object without its constructor")]
    public void Guard_CodeThatMakesScopes_IsFound(string expected) =>
        Assert.Contains(
            IssuerUse.Violations(BuiltAssemblies.Self, [], []),
            v => v.StartsWith(typeof(ScopeForger).FullName!, StringComparison.Ordinal) && v.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void Guard_ListedPlaceWithALiteralReason_IsNotFound() =>
        Assert.DoesNotContain(
            IssuerUse.Violations(BuiltAssemblies.Self, [typeof(LawfulComposition).FullName!], [typeof(LawfulComposition).FullName!]),
            v => v.Contains(nameof(LawfulComposition), StringComparison.Ordinal));

    [Theory]
    [InlineData(typeof(OpenCapability), "is not sealed")]
    [InlineData(typeof(OpenCapability), "has a constructor that is not private")]
    [InlineData(typeof(OpenCapability), "has a setter")]
    [InlineData(typeof(RecordCapability), "is a record")]
    public void Guard_OpenShape_IsFound(Type type, string expected) =>
        Assert.Contains(CapabilityShape.Violations(type), v => v.Contains(expected, StringComparison.Ordinal));
}
