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
            ? $"{report.Catalog}: {(report.Unchanged ? "nothing changed, " : "")}generation {live.Number} {(report.Unchanged ? "stays" : "is")} live, {ProgressWords.Count(live.Products)} products, {Bytes(live.Bytes)}"
            : report.Waiting > 0 ? $"{report.Catalog}: is being built; {ProgressWords.Count(report.Waiting)} changes wait for that build, which applies them"
            : report.DryRun ? $"{report.Catalog}: dry run, nothing was written"
            : $"{report.Catalog}: nothing was written");
        text.AppendLine($"  rows      {ProgressWords.Count(report.Read)} read, {ProgressWords.Count(report.Accepted)} accepted, {ProgressWords.Count(report.Rejected)} rejected, {ProgressWords.Count(report.Duplicates)} duplicates{(report.Stale > 0 ? $", {ProgressWords.Count(report.Stale)} stale" : "")}");
        text.AppendLine($"  products  {ProgressWords.Count(report.Added)} added, {ProgressWords.Count(report.Updated)} updated, {ProgressWords.Count(report.Kept)} kept, {ProgressWords.Count(report.Deleted)} deleted");
        if (report.Generation is { EmbeddingModel.Length: > 0 } generation)
        {
            text.AppendLine(culture, $"  vectors   {ProgressWords.Count(report.Embedded)} embedded, {ProgressWords.Count(report.ReusedVectors)} reused; model {generation.EmbeddingModel} {(report.ReusedModel ? "reused" : "new")}, {generation.Dimensions} dimensions");
        }

        Continued(text, report);
        foreach (var difference in report.Differences)
        {
            text.AppendLine(culture, $"  differs   {difference}");
        }

        if (report.EmbeddingUsage is { } usage)
        {
            var cost = usage.Cost is { } dollars ? FormattableString.Invariant($", {dollars:0.0000} USD") : "";
            text.AppendLine($"  service   {ProgressWords.Count(usage.Requests)} requests, {ProgressWords.Count(usage.Tokens)} tokens{cost}");
        }

        text.Append(culture, $"  time      {report.Duration.TotalSeconds:0.0} s, {ProgressWords.Count((long)report.RowsPerSecond)} rows/s");
        Rejections(text, report);
        if (report.DeadLetterPath is { } path)
        {
            text.AppendLine().Append(culture, $"  rejected and replaced rows are in {path}");
        }

        return text.ToString();
    }

    /// <summary>A size with its unit.</summary>
    public static string Bytes(long bytes) => bytes switch
    {
        < 1 << 10 => FormattableString.Invariant($"{bytes} B"),
        < 1 << 20 => FormattableString.Invariant($"{bytes / 1024.0:0.0} KiB"),
        < 1 << 30 => FormattableString.Invariant($"{bytes / 1048576.0:0.0} MiB"),
        _ => FormattableString.Invariant($"{bytes / 1073741824.0:0.0} GiB"),
    };

    private static void Continued(StringBuilder text, ReindexReport report)
    {
        var culture = CultureInfo.InvariantCulture;
        if (report.Resumed > 0 || report.Recovered > 0)
        {
            text.AppendLine(culture, $"  resumed   {ProgressWords.Count(report.Resumed)} changes and {ProgressWords.Count(report.Recovered)} vectors of a run that did not end");
        }

        if (report.CaughtUp > 0)
        {
            text.AppendLine(culture, $"  caught up {ProgressWords.Count(report.CaughtUp)} changes that arrived during the build");
        }

        foreach (var gate in report.Gates.Where(g => g.OverrideReason is not null))
        {
            text.AppendLine(culture, $"  override  {gate.Gate}: {gate.OverrideReason} ({gate.Measured:0.####} measured, {gate.Threshold:0.####} allowed)");
        }
    }

    private static void Rejections(StringBuilder text, ReindexReport report)
    {
        foreach (var kind in report.Rejections.Take(MaxKinds))
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"  {ProgressWords.Count(kind.Count),6} x {kind.Field}: {kind.Code}, first in line {kind.FirstLine}: {kind.Example}");
        }
    }
}
