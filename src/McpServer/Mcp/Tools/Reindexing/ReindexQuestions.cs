using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.McpServer.Mcp.Confirmation;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>What is asked before a catalog is rebuilt or rolled back. Null where nothing is at stake.</summary>
internal static class ReindexQuestions
{
    private const int MaxReason = 200;

    /// <summary>The question before a job.</summary>
    /// <param name="order">What is ordered.</param>
    /// <param name="stake">What it replaces.</param>
    public static ConfirmationQuestion? Start(ReindexOrder order, ReindexStake stake)
    {
        var live = stake.Generations.Count > 0 ? stake.Generations[0] : null;
        if (order.DryRun || (live is null && order.Overrides.IsEmpty))
        {
            return null;
        }

        var what = order.Mode == ReindexMode.Incremental ? $"Apply changes to the catalog {order.Catalog} from its configured source" : $"Rebuild the catalog {order.Catalog} from its configured source";
        var how = order.Force ? ", training and embedding everything anew" : "";
        var replaced = live is null ? "It has no live generation yet. "
            : $"{(stake.MayRead ? Describe(live) : "another generation")} is live and is replaced for everybody who searches it, once the new generation has passed the gates; until then searches go on with it, and afterwards a rollback makes it live again. ";
        return new ConfirmationQuestion("start_reindex", $"{what}{how}? {replaced}{Opened(order)}".TrimEnd(), Bound(order, live));
    }

    /// <summary>Whether somebody has to agree, even if nobody can be asked.</summary>
    public static bool MustAsk(ReindexOrder order) => !order.DryRun && (order.Force || !order.Overrides.IsEmpty);

    private static string Opened(ReindexOrder order) => order.Overrides.IsEmpty ? "" :
        $"These gates are opened even if they refuse: {string.Join("; ", order.Overrides.Select(o => $"{o.Key} ({SafeText.Shorten(o.Value, MaxReason)})"))}.";

    /// <summary>Everything of the order and the generation, none of which can be written so that it reads as another.</summary>
    private static string Bound(ReindexOrder order, GenerationInfo? live) => JsonSerializer.Serialize((string?[])
    [
        order.Catalog,
        order.Mode.ToString(),
        order.Force.ToString(),
        order.IdempotencyKey,
        live?.Number.ToString(CultureInfo.InvariantCulture),
        .. order.Overrides.SelectMany(o => (string[])[o.Key, o.Value]),
    ]);

    /// <summary>The question before a rollback.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="stake">Its generations.</param>
    public static ConfirmationQuestion? Rollback(string catalog, ReindexStake stake) => stake.Generations is not [var live, var previous, ..] ? null : new(
        "rollback_index",
        stake.MayRead
            ? $"Roll the catalog {catalog} back? {Describe(live)} is live; in its place {Describe(previous)} becomes live again, at once, for everybody who searches it."
            : $"Roll the catalog {catalog} back? In place of the generation that is live the one before becomes live again, at once, for everybody who searches it.",
        FormattableString.Invariant($"{catalog}|{live.Number}|{previous.Number}"));

    private static string Describe(GenerationInfo generation) =>
        string.Create(CultureInfo.InvariantCulture, $"generation {generation.Number} ({generation.Products} products, {generation.CreatedAt.UtcDateTime:u})");
}
