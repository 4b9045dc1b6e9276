using System.Text;
using System.Text.Json;
using AiPlatform.Bench.Mcp;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Relevance;

/// <summary>Asks every query as an assistant would: <c>search_products</c> over HTTP, page by page, and keeps the ids in rank order.</summary>
internal static class McpRunCollector
{
    /// <summary>Products a page: the most that the tool gives.</summary>
    private const int PageSize = 50;

    public static async Task<Dictionary<string, IReadOnlyList<string>>> CollectAsync(
        Uri url, string? key, string? catalog, IReadOnlyList<(string Id, string Text)> queries, SearchMode mode, int depth, CancellationToken cancellationToken)
    {
        var requests = new McpRequests(url, key);
        using var connection = new HttpConnection();
        await connection.ConnectAsync(url, cancellationToken).ConfigureAwait(false);
        var run = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        foreach (var (id, text) in queries)
        {
            var ids = new List<string>(depth);
            string? cursor = null;
            do
            {
                // A cursor belongs to its request with all arguments, so the size of the page stays and the last one is cut.
                var call = requests.ModernPage(text, catalog, mode.ToString().ToLowerInvariant(), Math.Min(depth, PageSize), cursor, run.Count + 1);
                cursor = Read(await connection.SendAsync(call, cancellationToken).ConfigureAwait(false), ids);
            }
            while (cursor is not null && ids.Count < depth);
            run[id] = ids.Count > depth ? ids[..depth] : ids;
        }

        return run;
    }

    /// <summary>Adds the page's ids and answers the next page's cursor.</summary>
    private static string? Read(HttpAnswer answer, List<string> ids)
    {
        if (answer.Status != 200)
        {
            throw new InvalidDataException($"The server did not answer a search (status {answer.Status}): {Encoding.UTF8.GetString(answer.Body.Span)}");
        }

        using var document = JsonDocument.Parse(answer.Body);
        if (!document.RootElement.TryGetProperty("result", out var result) || (result.TryGetProperty("isError", out var isError) && isError.GetBoolean()))
        {
            throw new InvalidDataException($"The server refused a search: {document.RootElement.GetRawText()}");
        }

        var page = result.GetProperty("structuredContent");
        if (page.TryGetProperty("degraded", out var degraded))
        {
            throw new InvalidDataException($"The server answered less than was asked for, which is no measurement: {degraded.GetString()}");
        }

        ids.AddRange(page.GetProperty("products").EnumerateArray().Select(p => p.GetProperty("id").GetString()!));
        return page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
    }
}
