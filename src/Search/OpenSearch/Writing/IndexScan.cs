using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>
/// Reads every product of an index in the order of their ids, page by page after the last id. The index does not change meanwhile, so no point in time needs to be held open, and
/// a scan that the restart of a node cuts goes on where it was.
/// </summary>
internal static class IndexScan
{
    private const string What = "reading products";
    private const int StampPage = 10_000;
    private const int DocumentPage = 200;

    /// <summary>The stamps of all products.</summary>
    public static async ValueTask StampsAsync(WriteContext context, string index, Action<string, ProductStamp> take, CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            after = await context.SendAsync(What, Page(index, StampPage, after, WriteStampFields), r => Each(r.Root, StampPage, hit => take(IdOf(hit), StampOf(hit))), cancellationToken).ConfigureAwait(false);
        }
        while (after is not null);
    }

    /// <summary>Compares an index with what a build did.</summary>
    /// <returns>Ids that should not be in it, and how many products are not as they were written.</returns>
    public static async ValueTask<(List<string> Strangers, int Damaged)> CompareAsync(WriteContext context, string index, ProductTable table, bool deleteOthers, CancellationToken cancellationToken)
    {
        var (strangers, damaged) = (new List<string>(), 0);
        await StampsAsync(context, index, (id, stamp) =>
        {
            if (table.SlotOf(id) is not (>= 0 and var slot) || !table.Survives(slot, deleteOthers))
            {
                strangers.Add(id);
            }
            else if (table.SumOf(slot) != ProductTable.SumOf(id, stamp))
            {
                damaged++;
            }
        }, cancellationToken).ConfigureAwait(false);
        return (strangers, damaged);
    }

    /// <summary>All products with what is kept beside them.</summary>
    /// <param name="context">The cluster.</param>
    /// <param name="index">The index.</param>
    /// <param name="wanted">Whether a product is read at all.</param>
    /// <param name="withVectors">Whether vectors are read.</param>
    /// <param name="take">Takes one.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public static async ValueTask DocumentsAsync(WriteContext context, string index, Predicate<string> wanted, bool withVectors, Func<IndexedProduct, ValueTask> take, CancellationToken cancellationToken)
    {
        string? after = null;
        do
        {
            var products = new List<IndexedProduct>(DocumentPage);
            after = await context.SendAsync(What, Page(index, DocumentPage, after, json => WriteSourceFields(json, withVectors)), response =>
            {
                products.Clear();
                return Each(response.Root, DocumentPage, hit =>
                {
                    if (wanted(IdOf(hit)))
                    {
                        products.Add(DocumentOf(hit.GetProperty("_source")));
                    }
                });
            }, cancellationToken).ConfigureAwait(false);
            foreach (var product in products)
            {
                await take(product).ConfigureAwait(false);
            }
        }
        while (after is not null);
    }

    /// <summary>The vector in a document's source; empty when it has none.</summary>
    public static float[] VectorOf(JsonElement source) => source.TryGetProperty(IndexFields.Embedding, out var embedding) && embedding.ValueKind == JsonValueKind.Array
        ? [.. embedding.EnumerateArray().Select(v => v.GetSingle())]
        : [];

    private static string? Each(JsonElement root, int size, Action<JsonElement> take)
    {
        var hits = root.GetProperty("hits").GetProperty("hits");
        string? last = null;
        foreach (var hit in hits.EnumerateArray())
        {
            take(hit);
            last = IdOf(hit);
        }

        return hits.GetArrayLength() < size ? null : last;
    }

    private static string IdOf(JsonElement hit) => hit.GetProperty("_id").GetString()!;

    private static ProductStamp StampOf(JsonElement hit)
    {
        var fields = hit.GetProperty("fields");
        return new ProductStamp(
            HashOf(fields.GetProperty(IndexFields.ContentHash)[0].GetString()!),
            HashOf(fields.GetProperty(IndexFields.EmbeddingHash)[0].GetString()!),
            fields.GetProperty(IndexFields.Version)[0].GetInt64(),
            fields.GetProperty(IndexFields.HasVector)[0].GetBoolean());
    }

    private static IndexedProduct DocumentOf(JsonElement source) => new(
        StoredProduct.Read(source.GetProperty(IndexFields.Product).GetBytesFromBase64()),
        HashOf(source.GetProperty(IndexFields.ContentHash).GetString()!),
        HashOf(source.GetProperty(IndexFields.EmbeddingHash).GetString()!),
        VectorOf(source),
        source.GetProperty(IndexFields.Version).GetInt64());

    private static ContentHash HashOf(string hex) =>
        new(ulong.Parse(hex.AsSpan(0, 16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture), ulong.Parse(hex.AsSpan(16), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));

    private static OpenSearchRequest Page(string index, int size, string? after, Action<Utf8JsonWriter> fields)
    {
        var body = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteNumber("size", size);
            json.WriteBoolean("track_total_hits", false);
            fields(json);
            json.WriteStartArray("sort");
            json.WriteStringValue(IndexFields.Id);
            json.WriteEndArray();
            if (after is not null)
            {
                json.WriteStartArray("search_after");
                json.WriteStringValue(after);
                json.WriteEndArray();
            }

            json.WriteEndObject();
        }

        return OpenSearchRequest.Read($"/{index}/_search", body.WrittenMemory);
    }

    private static void WriteStampFields(Utf8JsonWriter json)
    {
        json.WriteBoolean("_source", false);
        json.WriteStartArray("docvalue_fields");
        foreach (var field in (ReadOnlySpan<string>)[IndexFields.ContentHash, IndexFields.EmbeddingHash, IndexFields.Version, IndexFields.HasVector])
        {
            json.WriteStringValue(field);
        }

        json.WriteEndArray();
    }

    private static void WriteSourceFields(Utf8JsonWriter json, bool withVectors)
    {
        json.WriteStartArray("_source");
        foreach (var field in (ReadOnlySpan<string>)[IndexFields.Product, IndexFields.ContentHash, IndexFields.EmbeddingHash, IndexFields.Version, withVectors ? IndexFields.Embedding : IndexFields.Product])
        {
            json.WriteStringValue(field);
        }

        json.WriteEndArray();
    }
}
