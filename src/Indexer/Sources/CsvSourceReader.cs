using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using CsvHelper;

namespace AiPlatform.Indexer.Sources;

/// <summary>Reads CSV records with a header line; a row is a flat map of the non-empty cells.</summary>
/// <param name="file">The file.</param>
/// <param name="delimiter">What separates columns; null to tell it from the header.</param>
internal sealed class CsvSourceReader(SourceFile file, char? delimiter)
{
    private const char Replacement = '\uFFFD';

    public async IAsyncEnumerable<SourceRow> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var records = new CsvRecordReader(file, delimiter);
        var raw = new ArrayBufferWriter<byte>();
        if (!await records.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield break;
        }

        var options = Options(records.Delimiter);
        var header = Header(records, options);
        while (await records.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var (value, fault) = Parse(records, options, header);
            raw.ResetWrittenCount();
            Encoding.UTF8.GetBytes(records.Record.AsSpan(0, Math.Min(records.Record.Length, SourceLimits.RawCharacters)), raw);
            yield return new SourceRow(records.Number, value, fault, raw.WrittenMemory, Size: records.Record.Length);
        }
    }

    private static CsvReaderOptions Options(char delimiter) => CsvReaderOptions.Default with { Separator = delimiter, HasHeader = false, DetectSeparatorHint = false };

    private string[] Header(CsvRecordReader records, CsvReaderOptions options)
    {
        if (records.Fault is not null || Cells(records.Record, options, out var malformed) is not { } cells || malformed is not null || cells.Length > SourceLimits.Columns)
        {
            throw new SourceException("invalid_header", $"Line {records.Number} of {file.Name} is no usable CSV header (at most {SourceLimits.Columns} columns, quotes closed).");
        }

        var names = cells.Select(n => n.Trim()).ToArray();
        var twice = names.Where(n => n.Length > 0).GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1);
        return twice is null
            ? names
            : throw new SourceException("invalid_header", $"The column '{twice.Key}' stands twice in line {records.Number} of {file.Name}. Rename one of them.");
    }

    private static (RowNode? Value, RowFault? Fault) Parse(CsvRecordReader records, CsvReaderOptions options, string[] header)
    {
        if (records.Fault is null)
        {
            var cells = Cells(records.Record, options, out var malformed);
            var fault = FaultOf(records.Record, cells, malformed, header);
            if (fault is null)
            {
                return (Row(header, cells), null);
            }

            if (!records.IsJoined || fault.Code == "invalid_encoding")
            {
                return (null, fault);
            }

            // The quote that ended the record was a later row's: the lines between are rows of their own.
            records.GiveUp();
        }

        return (null, records.Fault);
    }

    private static RowFault? FaultOf(string record, string[] cells, string? malformed, string[] header)
    {
        if (malformed is not null)
        {
            return new RowFault("invalid_csv", malformed);
        }

        if (cells.Length != header.Length)
        {
            return new RowFault("wrong_column_count", $"The row has {cells.Length} columns, the header has {header.Length}.");
        }

        return record.Contains(Replacement, StringComparison.Ordinal) ? new RowFault("invalid_encoding", "The row is not valid UTF-8.") : null;
    }

    private static RowNode Row(string[] header, string[] cells)
    {
        var members = new List<KeyValuePair<string, RowNode>>(cells.Length);
        for (var i = 0; i < cells.Length; i++)
        {
            if (header[i].Length > 0)
            {
                members.Add(new(header[i], cells[i].Length == 0 ? RowNode.Null : RowNode.OfText(cells[i])));
            }
        }

        return RowNode.OfMap(members);
    }

    private static string[] Cells(string record, CsvReaderOptions options, out string? malformed)
    {
        string? problem = null;
        using var reader = CsvReader.Create(Encoding.UTF8.GetBytes(record), options with
        {
            // A quote inside an unquoted field is text (inch signs are common); anything else that is odd refuses the row.
            OnMalformedRecord = found => problem ??= found.Reason == CsvMalformedReason.StrayQuote ? null : Words(found.Reason),
        });
        var cells = reader.Read() ? reader.Current.ToArray() : [];
        malformed = problem;
        return cells;
    }

    private static string Words(CsvMalformedReason reason) =>
        reason == CsvMalformedReason.TextAfterClosingQuote ? "There is text behind a closing quote." : "A quote is opened and not closed.";
}
