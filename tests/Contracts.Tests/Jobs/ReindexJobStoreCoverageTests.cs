using System.Reflection;
using AiPlatform.Contracts.Tests.Keys;
using AiPlatform.Storage.Jobs;
using Xunit;

namespace AiPlatform.Contracts.Tests.Jobs;

public sealed class ReindexJobStoreCoverageTests
{
    [Fact]
    public void EveryImplementation_HasASuite()
    {
        var covered = typeof(ReindexJobStoreContract).Assembly.GetTypes()
            .Where(t => !t.IsAbstract && t.IsSubclassOf(typeof(ReindexJobStoreContract)))
            .Select(t => t.GetCustomAttribute<CoversStoreAttribute>()?.Implementation)
            .ToHashSet(StringComparer.Ordinal);
        var implementations = typeof(IReindexJobStore).Assembly.GetTypes().Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IReindexJobStore))).Select(t => t.FullName!).ToArray();

        Assert.NotEmpty(implementations);
        Assert.All(implementations, i => Assert.Contains(i, covered));
    }
}
