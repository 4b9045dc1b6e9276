using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Mapping;

public sealed class RowPathTests
{
    [Theory]
    [InlineData("a", "1")]
    [InlineData("f.brand[0]", "x")]
    [InlineData("f.brand[1]", "y")]
    [InlineData("[\"a.b\"]", "dot")]
    [InlineData("f[\"k 1\"].v", "deep")]
    [InlineData("m[0][1]", "nested")]
    public void Find_Path_AnswersTheNode(string path, string expected)
    {
        var row = Rows.Json("""{"a":1,"f":{"brand":["x","y"],"k 1":{"v":"deep"}},"a.b":"dot","m":[["z","nested"]]}""");
        Assert.Equal(expected, RowPath.TryParse(path, out _)!.Find(row)!.Text);
    }

    [Theory]
    [InlineData("f.none")]
    [InlineData("f.brand[9]")]
    [InlineData("a.b.c")]
    [InlineData("a[0]")]
    public void Find_NothingThere_AnswersNull(string path) =>
        Assert.Null(RowPath.TryParse(path, out _)!.Find(Rows.Json("""{"a":1,"f":{"brand":["x"]}}""")));

    [Theory]
    [InlineData("")]
    [InlineData("a..b")]
    [InlineData("a.")]
    [InlineData("a[x]")]
    [InlineData("a[0")]
    [InlineData("a[-1]")]
    [InlineData("a[99999999999]")]
    [InlineData("a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p.q")]
    public void TryParse_Malformed_GivesTheReason(string path)
    {
        Assert.Null(RowPath.TryParse(path, out var reason));
        Assert.NotEmpty(reason!);
    }
}
