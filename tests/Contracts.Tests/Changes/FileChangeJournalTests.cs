using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Pipeline;
using Xunit;

namespace AiPlatform.Contracts.Tests.Changes;

public sealed class FileChangeJournalTests : ChangeJournalContract
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-journal-").FullName;

    internal override IChangeJournal Open(long? maxBytes = null) => new FileChangeJournal(_folder, TimeProvider.System, maxBytes ?? FileChangeJournal.MaxBytes);

    public override Task DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return base.DisposeAsync();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(9)]
    [InlineData(20)]
    public async Task TornEnd_IsCutOffByTheNextAddition(int bytes)
    {
        var journal = Open();
        await AddAsync(journal, "first");
        await AddAsync(journal, "second, which is torn");
        var path = Path.Combine(_folder, "changes", "shoes.journal");
        await using (var file = File.OpenWrite(path))
        {
            file.SetLength(file.Length - bytes);
        }

        Assert.Equal(["first"], (await ReadAsync(journal, null)).Select(c => c.Text));
        await AddAsync(journal, "third");
        Assert.Equal(["first", "third"], (await ReadAsync(Open(), null)).Select(c => c.Text));
    }
}
