using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Search;
using AiPlatform.Search.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.Changes;

public sealed class ChangeJournalCoverageTests
{
    /// <summary>A further journal needs a suite of its own, and a place here.</summary>
    [Fact]
    public void EveryJournal_HasASuite() => Assert.Equal(
        [typeof(FileChangeJournal), typeof(OpenSearchChangeJournal)],
        new[] { typeof(IChangeJournal).Assembly, typeof(CatalogEngineServices).Assembly, typeof(FileChangeJournal).Assembly }
            .SelectMany(a => a.GetTypes())
            .Where(t => t is { IsAbstract: false, IsInterface: false } && t.IsAssignableTo(typeof(IChangeJournal)))
            .OrderBy(t => t.Name, StringComparer.Ordinal));

    [Fact]
    public void EverySuite_OfAJournal_IsThere() => Assert.Equal(
        [typeof(FileChangeJournalTests), typeof(OpenSearchChangeJournalTests)],
        typeof(ChangeJournalContract).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(ChangeJournalContract))).OrderBy(t => t.Name, StringComparer.Ordinal));
}
