using System.Text;
using AiPlatform.Contracts.Tests.Catalog;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using Xunit;

namespace AiPlatform.Contracts.Tests.Changes;

/// <summary>What every journal of changes must do. Two instances stand for two processes.</summary>
public abstract class ChangeJournalContract : IAsyncLifetime
{
    private const string Shoes = "shoes";

    private static AccessScope System => CatalogScopes.System;

    /// <summary>Opens another instance over the same journals.</summary>
    /// <param name="maxBytes">Bytes of a journal at most; null for the default.</param>
    internal abstract IChangeJournal Open(long? maxBytes = null);

    public virtual Task InitializeAsync() => Task.CompletedTask;

    public virtual Task DisposeAsync() => Task.CompletedTask;

    [SkippableFact]
    public async Task Nothing_IsThere_BeforeTheFirstChange()
    {
        var journal = Open();
        Assert.Null(await journal.LastAsync(System, Shoes, default));
        Assert.Empty(await ReadAsync(journal, null));
        await journal.TrimAsync(System, Shoes, "of another:7", default);
        Assert.True(await journal.AppendAsync(System, Shoes, [], default));
        Assert.Null(await journal.LastAsync(System, Shoes, default));
    }

    [SkippableFact]
    public async Task Changes_AreReadInTheirOrder_ByEveryProcess()
    {
        var (one, other) = (Open(), Open());
        await AddAsync(one, "a", "b");
        await AddAsync(other, "c");
        var read = await ReadAsync(one, null);
        Assert.Equal(["a", "b", "c"], read.Select(c => c.Text));
        Assert.Equal(3, read.Select(c => c.Position).Distinct().Count());
        Assert.All(read, c => Assert.True(c.Position.Length <= 200 && c.Position.All(char.IsAscii)));
        Assert.Equal(read[^1].Position, await other.LastAsync(System, Shoes, default));
        Assert.Empty(await ReadAsync(one, null, "other"));
    }

    [SkippableFact]
    public async Task Position_IsReadBehind_AlsoInTheMiddleOfWhatWasAddedTogether()
    {
        var journal = Open();
        await AddAsync(journal, "a", "b", "c");
        await AddAsync(journal, "d");
        var all = await ReadAsync(journal, null);
        for (var i = 0; i < all.Count; i++)
        {
            Assert.Equal(all.Skip(i + 1), await ReadAsync(journal, all[i].Position));
        }

        Assert.Equal(all, await ReadAsync(journal, "0123:1"));
        Assert.Equal(all, await ReadAsync(journal, "nonsense"));
    }

    [SkippableFact]
    public async Task Trim_DropsWhatIsApplied_AndNothingElse()
    {
        var (one, other) = (Open(), Open());
        await AddAsync(one, "a", "b");
        var applied = (await one.LastAsync(System, Shoes, default))!;
        await AddAsync(other, "c");
        await one.TrimAsync(System, Shoes, applied, default);
        Assert.Equal(["c"], (await ReadAsync(other, applied)).Select(c => c.Text));
        await AddAsync(one, "d");
        var rest = await ReadAsync(other, applied);
        Assert.Equal(["c", "d"], rest.Select(c => c.Text));
        await one.TrimAsync(System, Shoes, rest[^1].Position, default);
        Assert.Null(await other.LastAsync(System, Shoes, default));
        Assert.Empty(await ReadAsync(other, null));
        await AddAsync(other, "e");
        Assert.Equal(["e"], (await ReadAsync(one, rest[^1].Position)).Select(c => c.Text));
    }

    [SkippableFact]
    public async Task LargeChanges_ComeBackAsTheyWere()
    {
        var journal = Open();
        var random = new Random(1);
        byte[][] changes = [.. new[] { 1, 5_000_000, 0, 2_900_000, 3_200_000, 7_500_000, 3 }.Select(length => Bytes(random, length))];
        Assert.True(await journal.AppendAsync(System, Shoes, changes.Select(c => new ReadOnlyMemory<byte>(c)), default));
        var i = 0;
        await foreach (var change in journal.ReadAsync(System, Shoes, null, default))
        {
            Assert.True(change.Change.Span.SequenceEqual(changes[i]), $"change {i}");
            i++;
        }

        Assert.Equal(changes.Length, i);
        await journal.TrimAsync(System, Shoes, (await journal.LastAsync(System, Shoes, default))!, default);
        Assert.Empty(await ReadAsync(journal, null));
    }

    [SkippableFact]
    public async Task FullJournal_TakesNothing_UntilItIsTrimmed()
    {
        var journal = Open(maxBytes: 10_000);
        await AddAsync(journal, new string('a', 6_000));
        Assert.False(await journal.AppendAsync(System, Shoes, Changes("b", new string('c', 6_000)), default));
        Assert.Single(await ReadAsync(journal, null));
        await AddAsync(journal, "d");
        await journal.TrimAsync(System, Shoes, (await journal.LastAsync(System, Shoes, default))!, default);
        await AddAsync(journal, new string('c', 6_000));
        Assert.Single(await ReadAsync(journal, null));
    }

    [SkippableFact]
    public async Task AdditionThatBreaksOff_AddsNothing()
    {
        var journal = Open();
        await AddAsync(journal, "a");
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await journal.AppendAsync(System, Shoes, Breaking(), default));
        Assert.Equal(["a"], (await ReadAsync(journal, null)).Select(c => c.Text));
        await AddAsync(journal, "b");
        Assert.Equal(["a", "b"], (await ReadAsync(journal, null)).Select(c => c.Text));

        static IEnumerable<ReadOnlyMemory<byte>> Breaking()
        {
            yield return new byte[4_000_000];
            throw new InvalidOperationException("the disk of the spool");
        }
    }

    [SkippableFact]
    public async Task ManyAtOnce_LoseAndDoubleNothing_AndKeepTogetherWhatBelongsTogether()
    {
        IChangeJournal[] journals = [Open(), Open(), Open()];
        await Task.WhenAll(Enumerable.Range(0, 24).Select(i => Task.Run(() => AddAsync(journals[i % 3], $"{i}.0", $"{i}.1", $"{i}.2"))));
        var texts = (await ReadAsync(journals[0], null)).Select(c => c.Text).ToList();
        Assert.Equal(72, texts.Distinct().Count());
        Assert.Equal(72, texts.Count);
        for (var i = 0; i < 72; i += 3)
        {
            var name = texts[i].Split('.')[0];
            Assert.Equal([$"{name}.0", $"{name}.1", $"{name}.2"], texts.GetRange(i, 3));
        }
    }

    private protected static async Task AddAsync(IChangeJournal journal, params string[] texts) =>
        Assert.True(await journal.AppendAsync(System, Shoes, Changes(texts), default));

    private protected static async Task<List<(string Position, string Text)>> ReadAsync(IChangeJournal journal, string? after, string catalog = Shoes)
    {
        var found = new List<(string, string)>();
        await foreach (var change in journal.ReadAsync(System, catalog, after, default))
        {
            found.Add((change.Position, Encoding.UTF8.GetString(change.Change.Span)));
        }

        return found;
    }

    private static IEnumerable<ReadOnlyMemory<byte>> Changes(params string[] texts) => texts.Select(t => new ReadOnlyMemory<byte>(Encoding.UTF8.GetBytes(t)));

    private static byte[] Bytes(Random random, int length)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
