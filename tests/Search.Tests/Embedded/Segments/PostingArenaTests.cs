using AiPlatform.Search.Embedded.Segments;
using Xunit;

namespace AiPlatform.Search.Tests.Embedded.Segments;

public sealed class PostingArenaTests
{
    [Fact]
    public void Write_ListsGrownSideBySide_EachHasItsBytesInOrder()
    {
        var random = new Random(7);
        var arena = new PostingArena();
        var lists = new PostingList[300];
        var expected = lists.Select(_ => new List<byte>()).ToArray();
        for (var i = 0; i < 60_000; i++)
        {
            // Some lists get most of the bytes, as words do.
            var list = (int)(lists.Length * Math.Pow(random.NextDouble(), 4));
            var bytes = new byte[random.Next(0, 12)];
            random.NextBytes(bytes);
            arena.Append(ref lists[list], bytes);
            expected[list].AddRange(bytes);
        }

        Assert.Contains(expected, e => e.Count > 20_000);
        for (var i = 0; i < lists.Length; i++)
        {
            Assert.Equal(expected[i].Count, lists[i].Length);
            Assert.Equal(expected[i], Written(arena, lists[i]));
        }
    }

    [Fact]
    public void Write_ListWithoutBytes_IsEmpty()
    {
        var list = default(PostingList);
        var arena = new PostingArena();
        arena.Append(ref list, []);
        Assert.Empty(Written(arena, list));
    }

    private static byte[] Written(PostingArena arena, PostingList list)
    {
        using var stream = new MemoryStream();
        using var file = new SegmentFileWriter(stream);
        file.Begin(SegmentSection.Postings);
        var start = (int)stream.Length;
        arena.Write(list, file);
        return stream.ToArray()[start..];
    }
}
