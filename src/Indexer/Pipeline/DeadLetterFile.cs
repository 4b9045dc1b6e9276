using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// The rows that did not become products, one JSON object a line: line, productId where known, severity (<c>rejected</c>, <c>warning</c>), field,
/// code, reason, and the raw row (first 4 KiB). Made with the first entry; readable by its owner only, because rows may be confidential.
/// </summary>
/// <param name="directory">Where it goes; null to write nothing (dry run).</param>
/// <param name="catalog">The catalog, part of the name.</param>
/// <param name="time">The clock, part of the name.</param>
internal sealed class DeadLetterFile(string? directory, string catalog, TimeProvider time) : IDisposable
{
    /// <summary>Entries written; problems beyond are only counted.</summary>
    public const int MaxEntries = 100_000;

    /// <summary>Problems written of one row.</summary>
    public const int MaxProblems = 20;

    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private FileStream? _file;
    private int _entries;

    /// <summary>Where it is; null while there is none.</summary>
    public string? Path { get; private set; }

    public void Add(long line, string productId, string severity, IReadOnlyList<RowProblem> problems, string row, string file)
    {
        foreach (var problem in problems.Take(MaxProblems))
        {
            if (directory is null || _entries >= MaxEntries)
            {
                return;
            }

            _entries++;
            _file ??= Create(directory);
            using (var json = new Utf8JsonWriter(_file, Readable))
            {
                json.WriteStartObject();
                if (file.Length > 0)
                {
                    json.WriteString("file", file);
                }

                json.WriteNumber("line", line);
                if (productId.Length > 0)
                {
                    json.WriteString("productId", productId.Length <= ProductLimits.IdBytes ? productId : productId[..ProductLimits.IdBytes]);
                }

                json.WriteString("severity", severity);
                json.WriteString("field", problem.Field);
                json.WriteString("code", problem.Code);
                json.WriteString("reason", problem.Reason);
                json.WriteString("row", row);
                json.WriteEndObject();
            }

            _file.WriteByte((byte)'\n');
        }
    }

    public void Dispose() => _file?.Dispose();

    private FileStream Create(string folder)
    {
        Directory.CreateDirectory(folder);
        var stamp = time.GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        for (var attempt = 1; ; attempt++)
        {
            Path = System.IO.Path.Combine(folder, $"{catalog}-{stamp}{(attempt == 1 ? "" : "-" + attempt.ToString(CultureInfo.InvariantCulture))}.jsonl");
            try
            {
                return new FileStream(Path, options);
            }
            catch (IOException) when (File.Exists(Path) && attempt < 100)
            {
                // Another run of the same second has that name.
            }
        }
    }
}
