using AiPlatform.Search.Analysis;
using Xunit;

namespace AiPlatform.Search.Tests.Analysis;

public sealed class TermCacheTests
{
    [Theory]
    [InlineData("a")]
    [InlineData("2.4")]
    [InlineData("exactlysixteenab")]
    [InlineData("exactlyseventeena")]
    [InlineData("größe")]
    public void TryGet_WordAddedBefore_IsTheSameTerm(string word)
    {
        var cache = new TermCache();
        Assert.False(cache.TryGet(word, out _));
        var term = word + "!";
        Assert.Same(term, cache.Add(word, term));
        Assert.Same(term, cache.Add(word, word + "?"));
        Assert.True(cache.TryGet(word, out var found));
        Assert.Same(term, found);
        Assert.False(cache.TryGet(word.AsSpan(0, word.Length - 1), out _));
        Assert.False(cache.TryGet(word + "a", out _));
    }

    [Fact]
    public void TryGet_ManyWords_EachHasItsOwnTerm()
    {
        var cache = new TermCache();
        var words = Enumerable.Range(0, 20_000).Select(i => $"{i % 7}w{i}").ToArray();
        foreach (var word in words)
        {
            cache.Add(word, "t" + word);
        }

        Assert.All(words, word => Assert.True(cache.TryGet(word, out var term) && term == "t" + word));
    }

    [Fact]
    public void Add_SameWordsOnManyThreads_GivesAllOneInstance()
    {
        var cache = new TermCache();
        var words = Enumerable.Range(0, 5_000).Select(i => $"word{i}").ToArray();
        var seen = new string[8][];
        Parallel.For(0, seen.Length, thread => seen[thread] = [.. words.Select(w => cache.TryGet(w, out var known) ? known : cache.Add(w, new string(w)))]);
        for (var i = 0; i < words.Length; i++)
        {
            Assert.Equal(words[i], seen[0][i]);
            Assert.All(seen, terms => Assert.Same(seen[0][i], terms[i]));
        }
    }
}
