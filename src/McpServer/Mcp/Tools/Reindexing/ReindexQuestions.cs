using System.Globalization;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Mcp.Confirmation;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>What is asked before a catalog is rebuilt or rolled back. Null where nothing is at stake.</summary>
internal static class ReindexQuestions
{
    /// <summary>The question before a job.</summary>
    /// <param name="order">What is ordered.</param>
    /// <param name="generations">The generations of the catalog, newest first.</param>
    public static ConfirmationQuestion? Start(ReindexOrder order, IReadOnlyList<GenerationInfo> generations)
    {
        if (order.DryRun || generations is not [var live, ..])
        {
            return null;
        }

        var how = order.Force ? "from its configured source, training and embedding everything anew" : "from its configured source";
        return new ConfirmationQuestion(
            "start_reindex",
            $"Rebuild the catalog {order.Catalog} {how}? {Describe(live)} is live and is replaced for everybody who searches it, once the new generation has passed every check; "
            + "until then searches go on with it, and afterwards rollback_index makes it live again.",
            FormattableString.Invariant($"{order.Catalog}|{order.Force}|{order.IdempotencyKey}|{live.Number}"));
    }

    /// <summary>The question before a rollback.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="generations">Its generations, newest first.</param>
    public static ConfirmationQuestion? Rollback(string catalog, IReadOnlyList<GenerationInfo> generations) => generations is not [var live, var previous, ..] ? null : new(
        "rollback_index",
        $"Roll the catalog {catalog} back? {Describe(live)} is live; in its place {Describe(previous)} becomes live again, at once, for everybody who searches it.",
        FormattableString.Invariant($"{catalog}|{live.Number}|{previous.Number}"));

    private static string Describe(GenerationInfo generation) =>
        string.Create(CultureInfo.InvariantCulture, $"generation {generation.Number} ({generation.Products} products, {generation.CreatedAt.UtcDateTime:u})");
}
