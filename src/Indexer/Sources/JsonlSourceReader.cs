using System.Runtime.CompilerServices;

namespace AiPlatform.Indexer.Sources;

/// <summary>Reads one JSON object a line.</summary>
internal sealed class JsonlSourceReader(SourceFile file)
{
    public async IAsyncEnumerable<SourceRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new LineReader(file.Content);
        while (await file.GuardAsync(lines, cancellationToken).ConfigureAwait(false))
        {
            if (lines.IsTooLong)
            {
                yield return new SourceRow(lines.Number, null, new RowFault("line_too_long", $"The line is longer than {SourceLimits.RowBytes} bytes."), Raw(lines.Line));
            }
            else if (!IsBlank(lines.Line.Span))
            {
                var (value, fault) = JsonRow.Parse(lines.Line.Span);
                yield return new SourceRow(lines.Number, value, fault, Raw(lines.Line), Size: lines.Line.Length);
            }
        }
    }

    private static ReadOnlyMemory<byte> Raw(ReadOnlyMemory<byte> line) => line[..Math.Min(line.Length, SourceLimits.RawCharacters)];

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t"u8) < 0;
}
