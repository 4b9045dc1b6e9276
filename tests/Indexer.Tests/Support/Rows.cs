using AiPlatform.Indexer.Sources;

namespace AiPlatform.Indexer.Tests.Support;

internal static class Rows
{
    public static async Task<List<(long Line, RowNode? Value, RowFault? Fault, string Raw)>> ReadAsync(string path, SourceOptions? options = null)
    {
        var rows = new List<(long, RowNode?, RowFault?, string)>();
        await using var reader = SourceReaders.Open(path, options ?? SourceOptions.Default);
        await foreach (var row in reader.ReadAsync(CancellationToken.None))
        {
            rows.Add((row.Line, row.Value, row.Fault, System.Text.Encoding.UTF8.GetString(row.Raw.Span)));
        }

        Assert.Equal(reader.Length, reader.Position);
        return rows;
    }

    public static RowNode Json(string json)
    {
        var (value, fault) = JsonRow.Parse(System.Text.Encoding.UTF8.GetBytes(json));
        Assert.Null(fault);
        return value!;
    }
}
