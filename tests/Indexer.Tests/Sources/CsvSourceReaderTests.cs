using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Sources;

public sealed class CsvSourceReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Read_QuotedFields_KeepDelimitersQuotesAndLineEnds()
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", "id,name,note\r\n1,\"a, \"\"b\"\"\",\"two\r\nlines\"\r\n2,plain,\n"));
        Assert.Equal("a, \"b\"", rows[0].Value!.Member("name")!.Text);
        Assert.Equal("two\nlines", rows[0].Value!.Member("note")!.Text);
        Assert.Equal(RowNodeKind.Null, rows[1].Value!.Member("note")!.Kind);
        Assert.Equal([2L, 4], rows.Select(r => r.Line));
    }

    [Fact]
    public async Task Read_WrongColumnCount_FaultsTheRow()
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", "id,name\n1\n2,b\n3,c,d\n"));
        Assert.Equal(["wrong_column_count", null, "wrong_column_count"], rows.Select(r => r.Fault?.Code));
    }

    [Fact]
    public async Task Read_QuoteNeverClosed_LosesOnlyThatLine()
    {
        var good = string.Concat(Enumerable.Range(0, 40_000).Select(i => $"{i},name {i} of a product with a long enough line\n"));
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", $"id,name\nx,\"open\n{good}"));
        Assert.Equal("invalid_csv", rows[0].Fault?.Code);
        Assert.Equal(40_001, rows.Count);
        Assert.All(rows.Skip(1), r => Assert.Null(r.Fault));
        Assert.Equal(3, rows[1].Line);
        Assert.Equal(40_002, rows[^1].Line);
    }

    [Theory]
    [InlineData("10,\"Lamp,3", "950,\"Chair, soft\",4")]
    [InlineData("10,\"Lamp,3", "950,\"Chair \"\"soft\"\"\",4")]
    [InlineData("10,Lamp,\"3", "\"950\",Chair,4")]
    [InlineData("\"10,Lamp,3", "950,Chair,\"4\"")]
    public async Task Read_QuoteClosedByALaterRow_LosesOnlyItsLine(string open, string quoted)
    {
        var lines = Enumerable.Range(1, 1_000).Select(i => i switch { 10 => open, 950 => quoted, 960 => "960,\"two\nlines\",5", _ => $"{i},Thing {i},{i}" });
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", "id,name,price\n" + string.Join('\n', lines) + "\n"));
        Assert.Equal(1_000, rows.Count);
        var (line, _, fault, raw) = Assert.Single(rows, r => r.Fault is not null);
        Assert.Equal((11L, "invalid_csv", open), (line, fault!.Code, raw));
        Assert.Equal(Enumerable.Range(1, 1_000).Where(i => i != 10).Select(i => $"{i}"), rows.Where(r => r.Value is not null).Select(r => r.Value!.Member("id")!.Text));
        Assert.Equal("two\nlines", rows[959].Value!.Member("name")!.Text);
        Assert.Equal(1_002, rows[^1].Line);
    }

    [Fact]
    public async Task Read_SeveralQuotesNeverClosed_LoseOnlyTheirLines()
    {
        var lines = Enumerable.Range(1, 60).Select(i => i % 20 == 0 ? $"{i},\"open {i}" : $"{i},name {i}");
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", "id,name\n" + string.Join('\n', lines) + "\n"));
        Assert.Equal([21L, 41, 61], rows.Where(r => r.Fault is not null).Select(r => r.Line));
        Assert.Equal(60, rows.Count);
    }

    [Fact]
    public async Task Read_InchSignInUnquotedField_IsText()
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", "id,size\n1,15.6\"\n2,27\"\n"));
        Assert.Equal(["15.6\"", "27\""], rows.Select(r => r.Value!.Member("size")!.Text));
    }

    [Fact]
    public async Task Read_TextBehindClosingQuote_FaultsTheRow() =>
        Assert.Equal("invalid_csv", Assert.Single(await Rows.ReadAsync(_folder.Write("a.csv", "id,name\n1,\"a\"b\n"))).Fault?.Code);

    [Theory]
    [InlineData("a.csv", ';')]
    [InlineData("a.csv", '|')]
    [InlineData("a.tsv", '\t')]
    public async Task Read_OtherDelimiters_AreTold(string name, char delimiter)
    {
        var rows = await Rows.ReadAsync(_folder.Write(name, $"id{delimiter}name\n1{delimiter}a,b\n"));
        Assert.Equal("a,b", Assert.Single(rows).Value!.Member("name")!.Text);
    }

    [Fact]
    public async Task Read_StatedDelimiter_IsUsed()
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", "id;a,b,c\n1;x\n"), new SourceOptions { Delimiter = ';' });
        Assert.Equal("x", Assert.Single(rows).Value!.Member("a,b,c")!.Text);
    }

    [Fact]
    public async Task Read_Gzip_IsUnpacked() =>
        Assert.Equal("é", Assert.Single(await Rows.ReadAsync(_folder.WriteGzip("a.csv.gz", "id,name\n1,é\n"))).Value!.Member("name")!.Text);

    [Theory]
    [InlineData("")]
    [InlineData("\n \n")]
    [InlineData("id,name\n")]
    public async Task Read_NothingButAHeader_HoldsNoRow(string content) =>
        Assert.Empty(await Rows.ReadAsync(_folder.Write("a.csv", content)));

    [Theory]
    [InlineData("id,id\n1,2\n")]
    [InlineData("id,\"open\n1,2\n")]
    public async Task Read_NoUsableHeader_IsRefused(string content)
    {
        var path = _folder.Write("a.csv", content);
        Assert.Equal("invalid_header", (await Assert.ThrowsAsync<SourceException>(() => Rows.ReadAsync(path))).Code);
    }

    [Fact]
    public async Task Read_InvalidUtf8_FaultsTheRow()
    {
        byte[] bad = [.. "id,name\n1,"u8, 0xff, .. "\n2,b\n"u8];
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", bad));
        Assert.Equal(["invalid_encoding", null], rows.Select(r => r.Fault?.Code));
    }

    [Fact]
    public async Task Read_LineAboveTheBound_FaultsIt()
    {
        var rows = await Rows.ReadAsync(_folder.Write("a.csv", $"id,name\n1,{new string('x', 2 << 20)}\n2,b\n"));
        Assert.Equal(["line_too_long", null], rows.Select(r => r.Fault?.Code));
    }
}
