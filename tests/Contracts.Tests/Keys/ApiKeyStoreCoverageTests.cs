using System.Reflection;
using AiPlatform.Core.Access;
using AiPlatform.Search.Analysis;
using AiPlatform.Storage;
using Xunit;

namespace AiPlatform.Contracts.Tests.Keys;

public sealed class ApiKeyStoreCoverageTests
{
    [Fact]
    public void EveryImplementation_HasASuite()
    {
        var covered = typeof(ApiKeyStoreContract).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(ApiKeyStoreContract)))
            .Select(t => t.GetCustomAttribute<CoversStoreAttribute>()?.Implementation)
            .ToHashSet(StringComparer.Ordinal);
        Assembly[] product = [typeof(IApiKeyStore).Assembly, typeof(StorageOptions).Assembly, typeof(ITextAnalyzer).Assembly];

        var implementations = product.SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IApiKeyStore)))
            .Select(t => t.FullName!)
            .ToArray();

        Assert.NotEmpty(implementations);
        Assert.All(implementations, i => Assert.Contains(i, covered));
    }
}
