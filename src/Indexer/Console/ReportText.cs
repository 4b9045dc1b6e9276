using System.Globalization;
using System.Text;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Console;

/// <summary>A report for people.</summary>
internal static class ReportText
{
    private const int MaxKinds = 10;

    public static string Write(ReindexReport report)
    {
        var text = new StringBuilder();
        var culture = CultureInfo.InvariantCulture;
        text.AppendLine(report.Generation is { } live
            ? $"{report.Catalog}: generation {live.Number} is live, {Count(live.Products)} products, {Bytes(live.Bytes)}"
            : $"{report.Catalog}: dry run, nothing was written");
        text.AppendLine($"  rows      {Count(report.Read)} read, {Count(report.Accepted)} accepted, {Count(report.Rejected)} rejected, {Count(report.Duplicates)} duplicates");
        text.AppendLine($"  products  {Count(report.Added)} added, {Count(report.Updated)} updated, {Count(report.Kept)} kept, {Count(report.Deleted)} deleted");
        if (report.Generation is { EmbeddingModel.Length: > 0 } generation)
        {
            text.AppendLine(culture, $"  vectors   {Count(report.Embedded)} embedded, {Count(report.ReusedVectors)} reused; model {generation.EmbeddingModel} {(report.ReusedModel ? "reused" : "new")}, {generation.Dimensions} dimensions");
        }

        text.Append(culture, $"  time      {report.Duration.TotalSeconds:0.0} s, {Count((long)report.RowsPerSecond)} rows/s");
        Rejections(text, report);
        if (report.DeadLetterPath is { } path)
        {
            text.AppendLine().Append(culture, $"  rejected and replaced rows are in {path}");
        }

        return text.ToString();
    }

    /// <summary>A whole number with thousands separators.</summary>
    public static string Count(long number) => number.ToString("#,##0", CultureInfo.InvariantCulture);

    /// <summary>A size with its unit.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => FormattableString.Invariant($"{bytes} B"),
        < 1 << 20 => FormattableString.Invariant($"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => FormattableString.Invariant($"{bytes / 1048576.0:0.0} MiB"),
        _ => FormattableString.Invariant($"{bytes / 1073741824.0:0.0} GiB"),
    };

    private static void Rejections(StringBuilder text, ReindexReport report)
    {
        foreach (var kind in report.Rejections.Take(MaxKinds))
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {Count(kind.Count),6} x {kind.Field}: {kind.Code}, first in line {kind.FirstLine}: {kind.Example}");
        }
    }
}
