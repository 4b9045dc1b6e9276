using System.Globalization;
using AiPlatform.Search.OpenSearch.State;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>Compares the live index with what was said of it when it was finished.</summary>
internal static class OpenSearchVerification
{
    /// <summary>The problems found.</summary>
    public static async ValueTask<IReadOnlyList<string>> RunAsync(WriteContext context, string catalog, CancellationToken cancellationToken)
    {
        var resolved = await context.States.ReadAsync(catalog, cancellationToken).ConfigureAwait(false);
        var problems = resolved.Problems(context.Names.Alias(catalog));
        if (resolved.State.Live is not { } live)
        {
            return resolved.Lost ? problems : [$"{catalog}: nothing has been indexed yet. Make a generation with reindex."];
        }

        try
        {
            return [.. problems, .. await ProblemsAsync(context, live, cancellationToken).ConfigureAwait(false)];
        }
        catch (OpenSearchException e) when (!e.IsTransient)
        {
            return [.. problems, e.Message];
        }
    }

    private static async ValueTask<List<string>> ProblemsAsync(WriteContext context, StoredGeneration live, CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        var index = new BuildingIndex(context, live.Info.Catalog, live.Index);
        var (products, withVector) = await index.CountAsync(cancellationToken).ConfigureAwait(false);
        if (products != live.Info.Products || withVector != live.WithVector)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{live.Index} holds {products} products, {withVector} with a vector; {live.Info.Products} and {live.WithVector} were written."));
        }

        var sum = UInt128.Zero;
        await IndexScan.StampsAsync(context, live.Index, (id, stamp) => sum += ProductTable.SumOf(id, stamp), cancellationToken).ConfigureAwait(false);
        if (sum.ToString("x32", CultureInfo.InvariantCulture) != live.Stamps)
        {
            problems.Add($"{live.Index}: ids, digests or versions of its products are not those that were written.");
        }

        if (await index.MappingAsync(cancellationToken).ConfigureAwait(false) != live.Mapping)
        {
            problems.Add($"{live.Index}: its mapping was changed since it was made.");
        }

        foreach (var (name, file) in live.Attachments)
        {
            if (await context.States.ReadFileAsync(file, cancellationToken).ConfigureAwait(false) is null)
            {
                problems.Add($"{name}: the attachment is missing or damaged.");
            }
        }

        return problems;
    }
}
