using System.Text;
using AiPlatform.McpServer.Mcp.Stdio;

namespace AiPlatform.McpServer.Tests.Stdio;

public sealed class LineReaderTests
{
    private const int Max = 64;

    [Fact]
    public async Task Read_AnyChunks_AnswersTheLinesOfTheText()
    {
        var random = new Random(20261121);
        for (var round = 0; round < 500; round++)
        {
            var lines = Enumerable.Range(0, random.Next(0, 12)).Select(_ => new string('x', random.Next(0, 200))).ToArray();
            var lastEnds = random.Next(2) == 0;
            var text = string.Join('\n', lines) + (lastEnds && lines.Length > 0 ? "\n" : "");
            var expected = lines.Select(l => l.Length > Max ? "(too long)" : l).ToList();
            if (!lastEnds && lines is [.., ""])
            {
                expected.RemoveAt(expected.Count - 1);
            }

            Assert.Equal(expected, await AllAsync(new LineReader(new ChunkedStream(Encoding.UTF8.GetBytes(text), random), Max)));
        }
    }

    [Fact]
    public async Task Read_LineWithoutEnd_HoldsNoMoreThanTheLongestLine()
    {
        const long Endless = 256L * 1_024 * 1_024;
        var reader = new LineReader(new EndlessStream(Endless), 64 * 1_024);
        var before = GC.GetAllocatedBytesForCurrentThread();

        var line = await reader.ReadAsync(CancellationToken.None);

        Assert.True(line is { TooLong: true });
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_024 * 1_024);
        Assert.Null(await reader.ReadAsync(CancellationToken.None));
    }

    private static async Task<List<string>> AllAsync(LineReader reader)
    {
        var lines = new List<string>();
        while (await reader.ReadAsync(CancellationToken.None) is { } line)
        {
            lines.Add(line.TooLong ? "(too long)" : Encoding.UTF8.GetString(line.Bytes.Span));
        }

        return lines;
    }

    /// <summary>Gives at most a few bytes at a time.</summary>
    private sealed class ChunkedStream(byte[] bytes, Random random) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(buffer.Length, random.Next(1, 90))], cancellationToken);
    }

    /// <summary>One line that goes on and on.</summary>
    private sealed class EndlessStream(long length) : MemoryStream
    {
        private long _left = length;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var count = (int)Math.Min(buffer.Length, _left);
            _left -= count;
            buffer.Span[..count].Fill((byte)'x');
            return ValueTask.FromResult(count);
        }
    }
}
