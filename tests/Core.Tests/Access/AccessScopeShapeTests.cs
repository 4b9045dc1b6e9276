using System.Reflection;
using System.Text.Json;
using AiPlatform.Core.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Access;

/// <summary>A scope is a capability: nobody but the issuer gets one.</summary>
public sealed class AccessScopeShapeTests
{
    [Fact]
    public void Type_IsSealedWithPrivateConstructorsOnly()
    {
        Assert.True(typeof(AccessScope).IsSealed);
        Assert.True(typeof(AccessScope).IsClass);
        Assert.All(typeof(AccessScope).GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), c => Assert.True(c.IsPrivate));
    }

    [Fact]
    public void Type_CannotBeCopiedOrChanged()
    {
        Assert.DoesNotContain(typeof(AccessScope).GetMethods(), m => m.Name.Contains("Clone", StringComparison.Ordinal));
        Assert.False(typeof(ICloneable).IsAssignableFrom(typeof(AccessScope)));
        Assert.All(typeof(AccessScope).GetProperties(), p => Assert.Null(p.SetMethod));
        Assert.All(typeof(AccessScope).GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic), f => Assert.True(f.IsInitOnly && f.IsPrivate));
    }

    [Fact]
    public void Members_ThatMakeAScope_AreTheIssuersOnly()
    {
        var makers = typeof(AccessScope).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly))
            .Where(m => m.ReturnType == typeof(AccessScope) && m.DeclaringType!.IsVisible)
            .Select(m => $"{m.DeclaringType!.Name}.{m.Name}")
            .Order(StringComparer.Ordinal);

        Assert.Equal(["Issuer.Issue", "Issuer.IssueSystem", "Issuer.Renew"], makers);
    }

    [Fact]
    public void Json_CannotBringAScopeBack()
    {
        var json = JsonSerializer.Serialize(Given.ScopeOf(Given.Group("a")));

        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<AccessScope>(json));
        Assert.Throws<NotSupportedException>(() => JsonSerializer.Deserialize<AccessScope>("{}"));
    }

    [Fact]
    public void Filter_HasNoPublicMakerButTheEmptyOne()
    {
        Assert.Empty(typeof(ProductFilter).GetConstructors());
        Assert.DoesNotContain(typeof(ProductFilter).GetProperties(BindingFlags.Public | BindingFlags.Static), p => p.Name == "Everything");
        Assert.False(ProductFilter.Nothing.IsVisible(Given.Product()));
    }

    [Fact]
    public void Lists_OfAScope_CannotBeReachedThrough()
    {
        var scope = Given.ScopeOf(Given.Group("a"));

        Assert.IsType<System.Collections.Immutable.ImmutableArray<string>>(scope.Groups);
        Assert.IsType<System.Collections.Immutable.ImmutableArray<ProviderAccess>>(scope.Providers);
        Assert.DoesNotContain("Confidential product", scope.ToString(), StringComparison.Ordinal);
    }
}
