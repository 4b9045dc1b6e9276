using System.Text;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Sources;

public sealed class JsonlSourceReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_RowsOfEveryShape_KeepsTheTree()
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.jsonl", "{\"s\":\"x\",\"n\":1.50,\"b\":true,\"l\":[1,null,{\"k\":\"v\"}],\"m\":{},\"z\":null}\n"));
        var row = Assert.Single(rows).Value!;
        Assert.Equal("x", row.Member("s")!.Text);
        Assert.Equal("1.50", row.Member("n")!.Text);
        Assert.Equal(RowNodeKind.Number, row.Member("n")!.Kind);
        Assert.Equal("true", row.Member("b")!.Text);
        Assert.Equal("v", row.Member("l")!.Items[2].Member("k")!.Text);
        Assert.Equal(RowNodeKind.Null, row.Member("l")!.Items[1].Kind);
        Assert.True(row.Member("m")!.IsEmpty);
        Assert.Null(row.Member("missing"));
    }

    [Fact]
    public async Task Read_BadLinesBetweenGood_FaultsThemAndGoesOn()
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.jsonl", "{\"id\":1}\n{oops\n\n[1]\n{\"id\":2} x\r\n{\"id\":3}"));
        Assert.Equal([1L, 2, 4, 5, 6], rows.Select(r => r.Line));
        Assert.Equal([null, "invalid_json", "invalid_json", "invalid_json", null], rows.Select(r => r.Fault?.Code));
        Assert.Equal("{oops", rows[1].Raw);
        Assert.Equal("3", rows[4].Value!.Member("id")!.Text);
    }

    [Fact]
    public async Task Read_LineAboveOneMebibyte_FaultsItAndReadsTheNext()
    {
        var huge = "{\"t\":\"" + new string('x', (3 << 20) + 17) + "\"}";
        var justFits = "{\"t\":\"" + new string('y', SourceLimits.RowBytes - 8) + "\"}";
        var rows = await Rows.ReadAsync(_folder.Write("a.jsonl", $"{huge}\n{justFits}\n{{\"id\":2}}\n{huge}"));
        Assert.Equal(["line_too_long", null, null, "line_too_long"], rows.Select(r => r.Fault?.Code));
        Assert.Equal([1L, 2, 3, 4], rows.Select(r => r.Line));
        Assert.Equal(SourceLimits.RawCharacters, rows[0].Raw.Length);
    }

    [Fact]
    public async Task Read_InvalidUtf8_FaultsTheLine()
    {
        byte[] bad = [.. "{\"t\":\""u8, 0xff, 0xfe, .. "\"}\n{\"t\":\"ok\"}\n"u8];
        var rows = await Rows.ReadAsync(_folder.Write("a.jsonl", bad));
        Assert.Equal("invalid_encoding", rows[0].Fault?.Code);
        Assert.Null(rows[1].Fault);
    }

    [Fact]
    public async Task Read_NestingBeyondTheBound_FaultsTheLine()
    {
        var deep = string.Concat(Enumerable.Repeat("{\"a\":", 40)) + "1" + new string('}', 40);
        Assert.Equal("invalid_json", Assert.Single(await Rows.ReadAsync(_folder.Write("a.jsonl", deep))).Fault?.Code);
    }

    [Theory]
    [InlineData("{\"a\":1,\"b\":2,\"a\":3}", "'a'")]
    [InlineData("{\"level\":\"confidential\",\"l\\u0065vel\":\"public\"}", "'level'")]
    [InlineData("{\"x\":[{\"y\":{\"k\":1,\"k\":1}}]}", "'k'")]
    [InlineData("{\"a\":1,\"b\":1,\"c\":1,\"d\":1,\"e\":1,\"f\":1,\"g\":1,\"h\":1,\"i\":1,\"j\":1,\"k\":1,\"l\":1,\"m\":1,\"c\":2}", "'c'")]
    public async Task Read_RepeatedName_FaultsTheLine(string line, string named)
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.jsonl", line + "\n{\"a\":{\"a\":1},\"A\":[{\"a\":1},{\"a\":2}]}\n"));
        Assert.Equal(["duplicate_key", null], rows.Select(r => r.Fault?.Code));
        Assert.Contains(named, rows[0].Fault!.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl.gz")]
    [InlineData("a.jsonl")]
    [InlineData("export.bin")]
    public async Task Read_Gzip_IsToldByContentNotByName(string name)
    {
        var rows = await Rows.ReadAsync(_folder.WriteGzip(name, "\n {\"id\":1}\n{\"id\":2}\n"));
        Assert.Equal(["1", "2"], rows.Select(r => r.Value!.Member("id")!.Text));
    }

    [Fact]
    public async Task Read_PlainFileNamedGz_IsReadAsPlain() =>
        Assert.Single(await Rows.ReadAsync(_folder.Write("a.jsonl.gz", "{\"id\":1}\n")));

    [Fact]
    public async Task Read_ByteOrderMark_IsSkipped() =>
        Assert.Null(Assert.Single(await Rows.ReadAsync(_folder.Write("a.jsonl", [.. Encoding.UTF8.Preamble, .. "{\"id\":1}"u8]))).Fault);

    [Fact]
    public async Task Read_Utf16_IsRefused()
    {
        var path = _folder.Write("a.jsonl", [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes("{\"id\":1}")]);
        Assert.Equal("source_unreadable", (await Assert.ThrowsAsync<SourceException>(() => Rows.ReadAsync(path))).Code);
    }

    [Fact]
    public async Task Read_DamagedGzip_ThrowsWithTheLine()
    {
        var whole = File.ReadAllBytes(_folder.WriteGzip("a.jsonl.gz", string.Concat(Enumerable.Range(0, 20_000).Select(i => $"{{\"id\":{i * 7919}}}\n"))));
        whole[whole.Length / 2] ^= 0xff;
        whole[(whole.Length / 2) + 1] ^= 0xff;
        var thrown = await Assert.ThrowsAsync<SourceException>(() => Rows.ReadAsync(_folder.Write("b.jsonl.gz", whole)));
        Assert.Equal("source_corrupt", thrown.Code);
    }

    [Fact]
    public void Open_MissingFile_SaysSo() =>
        Assert.Equal("source_not_found", Assert.Throws<SourceException>(() => SourceReaders.Open(_folder["none.jsonl"], SourceOptions.Default)).Code);

    [Fact]
    public async Task Read_LinesAcrossBufferEnds_AreWhole()
    {
        var ids = Enumerable.Range(0, 5_000).Select(i => $"{i}-{new string('p', i % 131)}").ToArray();
        var rows = await Rows.ReadAsync(_folder.Write("a.jsonl", string.Join('\n', ids.Select(i => $"{{\"id\":\"{i}\"}}"))));
        Assert.Equal(ids, rows.Select(r => r.Value!.Member("id")!.Text));
    }
}
