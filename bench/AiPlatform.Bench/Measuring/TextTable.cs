using System.Globalization;

namespace AiPlatform.Bench.Measuring;

/// <summary>A table in Markdown, columns padded so that it reads in a terminal as well.</summary>
internal sealed class TextTable(params string[] header)
{
    private readonly List<string[]> _rows = [header];

    public void Add(params object[] cells) =>
        _rows.Add([.. cells.Select(c => Convert.ToString(c, CultureInfo.InvariantCulture) ?? "")]);

    public void Write(TextWriter output)
    {
        var widths = Enumerable.Range(0, _rows[0].Length).Select(i => Math.Max(3, _rows.Max(r => r[i].Length))).ToArray();
        for (var i = 0; i < _rows.Count; i++)
        {
            output.WriteLine("| " + string.Join(" | ", _rows[i].Select((c, column) => column == 0 ? c.PadRight(widths[column]) : c.PadLeft(widths[column]))) + " |");
            if (i == 0)
            {
                output.WriteLine("|" + string.Join("|", widths.Select((w, column) => column == 0 ? new string('-', w + 2) : new string('-', w + 1) + ":")) + "|");
            }
        }
    }
}
