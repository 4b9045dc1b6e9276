using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>A part of a feed is never taken for the whole, whoever sends it and however it is asked for.</summary>
public sealed class FeedPartsTests : IAsyncLifetime
{
    private const int Count = 500;
    private const int CutAt = 3_000;
    private const int PartBytes = 2_000;

    private FeedServer _server = null!;
    private CuttingProxy _proxy = null!;

    public async Task InitializeAsync()
    {
        _server = await FeedServer.StartAsync();
        _server.Content = Encoding.UTF8.GetBytes(Sources.Rows(Count));
        _proxy = CuttingProxy.To(_server.Url());
        _proxy.Cuts.Enqueue(CutAt);
    }

    public async Task DisposeAsync()
    {
        await _proxy.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_CutAndTheRestComesInParts_GivesEveryRow(bool inChunks)
    {
        (_server.InChunks, _server.PartBytes) = (inChunks, PartBytes);

        // The parts are more than the tries: one that is whole is no failure.
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await Sources.IdsAsync(Sources.Opener(f => f.Retries = 1), _proxy.Url));
        var starts = _server.Ranges.Skip(1).Select(r => int.Parse(r["bytes=".Length..].TrimEnd('-'), CultureInfo.InvariantCulture)).ToArray();
        Assert.True(starts.Length > 3, $"{starts.Length} parts");
        Assert.All(starts.Zip(starts.Skip(1)), p => Assert.Equal(PartBytes, p.Second - p.First));
    }

    [Fact]
    public async Task Read_PartsThatBreakToo_AreContinued()
    {
        (_server.InChunks, _server.PartBytes) = (true, PartBytes);
        _proxy.Cuts.Enqueue(PartBytes);
        _proxy.Cuts.Enqueue(2 * PartBytes);

        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i}"), await Sources.IdsAsync(Sources.Opener(), _proxy.Url));
        Assert.Equal(4, _proxy.Connections);
    }

    [Theory]
    [InlineData(true, "source_unreachable")]
    [InlineData(false, null)]
    public async Task Read_RestOfWhichTheTotalIsNotTold_IsReadOnlyWhereTheLengthIsKnown(bool inChunks, string? code)
    {
        (_server.InChunks, _server.PartBytes, _server.Total) = (inChunks, PartBytes, _ => "*");
        if (code is null)
        {
            Assert.Equal(Count, (await Sources.IdsAsync(Sources.Opener(), _proxy.Url)).Count);
            return;
        }

        Assert.Equal(code, (await Sources.RefusalAsync(Sources.Opener(), _proxy.Url)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_PartsOfTwoLengths_IsRefused(bool inChunks)
    {
        (_server.InChunks, _server.PartBytes) = (inChunks, PartBytes);
        _server.Total = number => $"{_server.Content.Length + (number > 2 ? 10 : 0)}";

        Assert.Equal("source_changed", (await Sources.RefusalAsync(Sources.Opener(), _proxy.Url)).Code);
    }

    [Theory]
    [InlineData(true, "source_unreachable")]
    [InlineData(false, "source_unreadable")]
    public async Task Read_PartThatIsLongerThanItsRange_IsRefused(bool tellsLength, string code)
    {
        _server.InChunks = true;
        _server.Instead = async (http, number) =>
        {
            if (number == 1)
            {
                return false;
            }

            var from = (int)http.Request.GetTypedHeaders().Range!.Ranges.Single().From!.Value;
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ETag = _server.ETag;
            http.Response.Headers.ContentRange = $"bytes {from}-{from + 99}/{_server.Content.Length}";
            http.Response.ContentLength = tellsLength ? 200 : null;
            await http.Response.Body.WriteAsync(_server.Content.AsMemory(from, 200));
            return true;
        };

        Assert.Equal(code, (await Sources.RefusalAsync(Sources.Opener(), _proxy.Url)).Code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Open_PartNobodyAskedFor_IsRefused(bool tellsRange)
    {
        var half = Encoding.UTF8.GetBytes(Sources.Rows(Count / 2));
        _server.Instead = async (http, _) =>
        {
            http.Response.StatusCode = StatusCodes.Status206PartialContent;
            http.Response.Headers.ETag = _server.ETag;
            http.Response.Headers.ContentRange = tellsRange ? $"bytes 0-{half.Length - 1}/{_server.Content.Length}" : default(string);
            http.Response.ContentLength = half.Length;
            await http.Response.Body.WriteAsync(half);
            return true;
        };
        var refusal = await Sources.RefusalAsync(Sources.Opener(), _server.Url());

        Assert.Equal(("source_unreadable", 1), (refusal.Code, _server.Requests));
        Assert.Contains("206", refusal.Message, StringComparison.Ordinal);
    }
}
