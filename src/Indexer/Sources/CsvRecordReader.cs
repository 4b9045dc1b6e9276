using System.Text;

namespace AiPlatform.Indexer.Sources;

/// <summary>
/// Joins physical lines into CSV records (a quoted field may hold line ends). A record whose quote is never closed is given up at the size limit, one
/// that a later row's quote closed by whoever sees it (<see cref="GiveUp"/>): only its first line is lost, the lines behind it are read again as records of their own.
/// </summary>
/// <param name="file">The file.</param>
/// <param name="delimiter">What separates columns; null to tell it from the first line.</param>
internal sealed class CsvRecordReader(SourceFile file, char? delimiter)
{
    private readonly LineReader _lines = new(file.Content);
    private readonly List<(long Number, string Text, bool TooLong)> _joined = [];
    private Queue<(long Number, string Text, bool TooLong)> _again = new();
    private string _first = "";

    /// <summary>What separates columns; known once the first record has been read.</summary>
    public char Delimiter { get; private set; } = delimiter ?? '\0';

    /// <summary>The line the current record starts on.</summary>
    public long Number { get; private set; }

    /// <summary>The current record.</summary>
    public string Record { get; private set; } = "";

    /// <summary>Why the current record cannot be parsed; null when it can.</summary>
    public RowFault? Fault { get; private set; }

    /// <summary>Whether the current record was joined from several lines.</summary>
    public bool IsJoined => _joined.Count > 0;

    /// <summary>Gives up a joined record that makes no row: the current record is its first line alone, with a fault, and the lines behind it are read again.</summary>
    public void GiveUp()
    {
        Record = _first;
        Fault = new RowFault("invalid_csv", "A quote is opened and not closed.");
        _again = new(_joined.Concat(_again));
        _joined.Clear();
    }

    /// <summary>Moves to the next record; false at the end. Blank lines are no records.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        (long Number, string Text, bool TooLong) line;
        do
        {
            if (await NextAsync(cancellationToken).ConfigureAwait(false) is not { } next)
            {
                return false;
            }

            line = next;
        }
        while (string.IsNullOrWhiteSpace(line.Text));

        if (Delimiter == '\0')
        {
            Delimiter = DelimiterOf(line.Text);
        }

        _joined.Clear();
        _first = line.Text;
        (Number, Record, Fault) = (line.Number, line.Text, line.TooLong ? new RowFault("line_too_long", $"The line is longer than {SourceLimits.RowBytes} bytes.") : null);
        if (Fault is null && LeavesOpen(line.Text, false))
        {
            await JoinAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    private async ValueTask JoinAsync(CancellationToken cancellationToken)
    {
        var size = _first.Length;
        var open = true;
        while (open && size <= SourceLimits.RowBytes && await NextAsync(cancellationToken).ConfigureAwait(false) is { } line)
        {
            _joined.Add(line);
            if (line.TooLong)
            {
                break;
            }

            size += line.Text.Length + 1;
            open = LeavesOpen(line.Text, true);
        }

        if (open)
        {
            GiveUp();
        }
        else
        {
            Record = string.Join('\n', _joined.Select(l => l.Text).Prepend(_first));
        }
    }

    private async ValueTask<(long Number, string Text, bool TooLong)?> NextAsync(CancellationToken cancellationToken)
    {
        if (_again.TryDequeue(out var again))
        {
            return again;
        }

        return await file.GuardAsync(_lines, cancellationToken).ConfigureAwait(false)
            ? (_lines.Number, Encoding.UTF8.GetString(_lines.Line.Span), _lines.IsTooLong)
            : null;
    }

    private static char DelimiterOf(string header)
    {
        char[] candidates = [',', ';', '\t', '|'];
        return candidates.MaxBy(c => header.AsSpan().Count(c));
    }

    /// <summary>Whether a quoted field is open at the end of the line. A quote opens a field only at its start: elsewhere it is text, such as an inch sign.</summary>
    private bool LeavesOpen(string text, bool open)
    {
        var fieldStart = !open;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (open)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    i++;
                }
                else if (c == '"')
                {
                    open = false;
                }
            }
            else if (c == '"' && fieldStart)
            {
                open = true;
            }

            fieldStart = !open && c == Delimiter;
        }

        return open;
    }
}
