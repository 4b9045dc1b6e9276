using System.Globalization;

namespace AiPlatform.Indexer.Gates;

/// <summary>The gates that look at the source before anything is trained or embedded.</summary>
internal static class SourceGates
{
    public static GateResult Rejected(long rejected, long read, double threshold)
    {
        var passed = rejected <= read * threshold;
        var detail = passed
            ? $"{rejected} of {read} rows were rejected"
            : FormattableString.Invariant($"{rejected} of {read} rows were rejected, more than {threshold * 100:0.##}%. Correct the source or the mapping, or allow more with --max-rejected.");
        return new GateResult(GateNames.Rejected, passed, Share(rejected, read), threshold, detail) { Code = "too_many_rejected" };
    }

    public static GateResult Deleted(int deleted, int live, double threshold, string source)
    {
        var passed = live == 0 || (double)deleted / live <= threshold;
        var detail = passed
            ? string.Create(CultureInfo.InvariantCulture, $"{deleted} of {live} products are deleted")
            : FormattableString.Invariant($"{deleted} of {live} products would be deleted because the source {source} does not have them, more than {threshold * 100:0.##}%. Check that the source is complete and meant for this catalog, or allow more with --max-deleted (100% allows all).");
        return new GateResult(GateNames.Deleted, passed, Share(deleted, live), threshold, detail) { Code = "too_many_deleted", Skipped = live == 0 };
    }

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
