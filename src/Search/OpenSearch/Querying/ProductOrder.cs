using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>Orders by a column; products without a value last, ties by id.</summary>
internal static class ProductOrder
{
    public static void Write(Utf8JsonWriter json, ProductSort sort)
    {
        json.WriteStartArray("sort");
        switch (sort)
        {
            case ProductSort.PriceAscending:
                Key(json, IndexFields.Price, "asc");
                break;
            case ProductSort.PriceDescending:
                Key(json, IndexFields.Price, "desc");
                break;
            case ProductSort.Rating:
                Key(json, IndexFields.Rating, "desc");
                Key(json, IndexFields.RatingCount, "desc");
                break;
            case ProductSort.Newest:
                Key(json, IndexFields.Released, "desc");
                break;
            default:
                // Nothing was asked: the most rated first.
                Key(json, IndexFields.RatingCount, "desc");
                break;
        }

        SearchJson.WriteOrder(json, IndexFields.Id, "asc");
        json.WriteEndArray();
    }

    private static void Key(Utf8JsonWriter json, string field, string direction)
    {
        json.WriteStartObject();
        json.WriteStartObject(field);
        json.WriteString("order", direction);
        json.WriteString("missing", "_last");
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
