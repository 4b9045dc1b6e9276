using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Reads the parts of one search's answer.</summary>
internal static class SearchHits
{
    /// <summary>No score of ours comes near: a raw delimiter hit of the in-engine hybrid query, for one, is at -9.5e9.</summary>
    private const float Absurd = 1e7f;

    /// <summary>How many match.</summary>
    public static int Total(JsonElement answer) => answer.TryGetProperty("hits", out var hits) && hits.TryGetProperty("total", out var total) ? total.GetProperty("value").GetInt32() : 0;

    /// <summary>The hits, best first.</summary>
    public static IEnumerable<JsonElement> All(JsonElement answer) =>
        answer.TryGetProperty("hits", out var hits) && hits.TryGetProperty("hits", out var all) ? all.EnumerateArray() : [];

    /// <summary>The last value a hit was sorted by: the id, in every order.</summary>
    public static string Id(JsonElement hit)
    {
        var sort = hit.GetProperty("sort");
        return sort[sort.GetArrayLength() - 1].GetString()!;
    }

    /// <summary>The score.</summary>
    /// <exception cref="OpenSearchException">It is none that a query of ours gives.</exception>
    public static float Score(JsonElement hit) =>
        hit.TryGetProperty("_score", out var score) && score.ValueKind == JsonValueKind.Number && score.TryGetSingle(out var value) && value is >= 0 and < Absurd
            ? value
            : throw new OpenSearchException(OpenSearchErrors.InvalidAnswer, "OpenSearch answered a score that no query of this platform gives. Check that no search pipeline is set on its indexes.");

    /// <summary>The first value of a field of the hit; null when it has none.</summary>
    public static string? Field(JsonElement hit, string field) =>
        hit.TryGetProperty("fields", out var fields) && fields.TryGetProperty(field, out var values) && values.GetArrayLength() > 0 ? values[0].GetString() : null;

    /// <summary>The first value of a binary field of the hit; empty when it has none.</summary>
    public static byte[] Bytes(JsonElement hit, string field) => Field(hit, field) is { } text ? Decoded(text) : [];

    /// <summary>Base64, of which a node leaves the padding away when it reads a column.</summary>
    private static byte[] Decoded(string text)
    {
        var bytes = new byte[(text.Length + 3) / 4 * 3];
        return Convert.TryFromBase64String(text.PadRight((text.Length + 3) / 4 * 4, '='), bytes, out var length) ? bytes[..length] : [];
    }

    /// <summary>The product of a hit that was asked for with it.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static Product Product(JsonElement hit) => StoredProduct.Read(Bytes(hit, IndexFields.Product));

    /// <summary>Buckets of an aggregation.</summary>
    public static IEnumerable<(string Key, int Count)> Buckets(JsonElement aggregation) =>
        aggregation.GetProperty("buckets").EnumerateArray().Select(b => (b.GetProperty("key").GetString()!, b.GetProperty("doc_count").GetInt32()));
}
