using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Tests.Pipeline;

public sealed class SpoolKeyTests
{
    [Fact]
    public void Of_DifferentIds_AreDifferentKeys()
    {
        string[] ids = ["", "a", "b", "ab", "ba", "a\0", "\0a", "fifteen-bytes-1", "fifteen-bytes-2", "sixteen-bytes-12", "sixteen-bytes-13", "é", "éééééééé", "eeeeeeee", new('x', 500), new('x', 501)];
        Assert.Equal(ids.Length, ids.Select(SpoolKey.Of).Distinct().Count());
        Assert.Equal(ids.Select(SpoolKey.Of), ids.Select(i => SpoolKey.Of(new string(i))));
    }

    [Fact]
    public void Of_LongId_CanNeverBeAShortOne()
    {
        // The last byte tells: at most 15 for an id as it is, at least 128 for a digest.
        Assert.All(["", "a", "fifteen-bytes-1"], id => Assert.True(SpoolKey.Of(id).Low >> 56 <= 15));
        Assert.All(Enumerable.Range(0, 200).Select(i => $"an id of more bytes {i}"), id => Assert.True(SpoolKey.Of(id).Low >> 56 >= 128));
    }
}
