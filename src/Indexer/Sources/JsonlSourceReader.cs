using System.Runtime.CompilerServices;
using System.Text;

namespace AiPlatform.Indexer.Sources;

/// <summary>Reads one JSON object a line.</summary>
internal sealed class JsonlSourceReader(SourceFile file)
{
    public async IAsyncEnumerable<SourceRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var lines = new LineReader(file.Content);
        Func<string> raw = () => Encoding.UTF8.GetString(lines.Line.Span[..Math.Min(lines.Line.Length, SourceLimits.RawCharacters)]);
        while (await file.GuardAsync(lines, cancellationToken).ConfigureAwait(false))
        {
            if (lines.IsTooLong)
            {
                yield return new SourceRow(lines.Number, null, new RowFault("line_too_long", $"The line is longer than {SourceLimits.RowBytes} bytes."), raw);
            }
            else if (!IsBlank(lines.Line.Span))
            {
                var (value, fault) = JsonRow.Parse(lines.Line.Span);
                yield return new SourceRow(lines.Number, value, fault, raw, Size: lines.Line.Length);
            }
        }
    }

    private static bool IsBlank(ReadOnlySpan<byte> line) => line.IndexOfAnyExcept(" \t"u8) < 0;
}
