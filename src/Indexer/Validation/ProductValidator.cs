using System.Collections.Immutable;
using System.Text;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Validation;

/// <summary>Checks a product against <see cref="ProductLimits"/> and the product contract. Pure, thread-safe.</summary>
public static class ProductValidator
{
    /// <summary>Adds every problem of the product; none means that it may be indexed.</summary>
    public static void Validate(Product product, List<RowProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(product);
        ArgumentNullException.ThrowIfNull(problems);
        Identity(product, problems);
        Texts(product, problems);
        Numbers(product, problems);
        Specifications(product, problems);
        Keywords("regions", product.Regions, problems);
        Keywords("allowedGroups", product.AllowedGroups, problems);
        Keywords("restrictedRegions", product.RestrictedRegions, problems);
        Url("url", product.Url, problems);
        Url("imageUrl", product.ImageUrl, problems);
        Hidden(product, problems);
    }

    /// <summary>Adds the problems of an id alone.</summary>
    public static void ValidateId(string id, List<RowProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(id);
        ArgumentNullException.ThrowIfNull(problems);
        if (id.Length == 0)
        {
            problems.Add(new RowProblem("id", "id_missing", "Every product needs an id."));
        }
        else if (Encoding.UTF8.GetByteCount(id) > ProductLimits.IdBytes)
        {
            problems.Add(new RowProblem("id", "id_too_long", $"The id has more than {ProductLimits.IdBytes} bytes."));
        }
        else if (TextSanitizer.HasHidden(id))
        {
            problems.Add(new RowProblem("id", "id_has_hidden_characters", "The id holds control or invisible characters. Ids are not repaired; correct the source."));
        }
    }

    private static void Identity(Product product, List<RowProblem> problems)
    {
        ValidateId(product.Id, problems);

        if (product.Name.Length == 0)
        {
            problems.Add(new RowProblem("name", "name_missing", "Every product needs a name."));
        }
    }

    private static void Texts(Product product, List<RowProblem> problems)
    {
        Length("name", product.Name.Length, ProductLimits.NameCharacters, "characters", problems);
        Length("description", Encoding.UTF8.GetByteCount(product.Description), ProductLimits.DescriptionBytes, "bytes", problems);
        Length("brand", product.Brand.Length, ProductLimits.LabelCharacters, "characters", problems);
        Length("class", product.Class.Length, ProductLimits.LabelCharacters, "characters", problems);
        if (product.CategoryPath.Length > ProductLimits.CategoryDepth)
        {
            problems.Add(new RowProblem("categoryPath", "category_too_deep", $"The category has {product.CategoryPath.Length} levels; at most {ProductLimits.CategoryDepth} are taken."));
        }

        foreach (var level in product.CategoryPath)
        {
            Length("categoryPath", level.Length, ProductLimits.LabelCharacters, "characters", problems);
        }
    }

    private static void Numbers(Product product, List<RowProblem> problems)
    {
        if (product.Price is < 0 or > ProductLimits.HighestPrice)
        {
            problems.Add(new RowProblem("price", "price_out_of_range", $"The price {product.Price} is not between 0 and {ProductLimits.HighestPrice}."));
        }

        if (product.Price is { } exact && decimal.Round(exact, ProductLimits.PriceDecimals) != exact)
        {
            problems.Add(new RowProblem("price", "price_precision", FormattableString.Invariant($"The price {exact} has more than {ProductLimits.PriceDecimals} decimals: round it in the source.")));
        }

        if (product.Price is not null && product.Currency.Length == 0)
        {
            problems.Add(new RowProblem("currency", "currency_missing", "A price needs a currency."));
        }
        else if (product.Currency.Length > 0 && (product.Currency.Length != 3 || !product.Currency.All(char.IsAsciiLetterUpper)))
        {
            problems.Add(new RowProblem("currency", "invalid_currency", $"'{product.Currency}' is no ISO 4217 code of three letters."));
        }

        if (product.Rating is { } rating && !(rating >= 0 && rating <= ProductLimits.HighestRating))
        {
            problems.Add(new RowProblem("rating", "rating_out_of_range", $"The rating {rating} is not between 0 and {ProductLimits.HighestRating}."));
        }

        if (product.RatingCount < 0)
        {
            problems.Add(new RowProblem("ratingCount", "rating_count_negative", $"The number of ratings is {product.RatingCount}."));
        }
    }

    private static void Specifications(Product product, List<RowProblem> problems)
    {
        const string Field = "specifications";
        if (product.Specifications.Count > ProductLimits.Specifications)
        {
            problems.Add(new RowProblem(Field, "too_many_specifications", $"There are {product.Specifications.Count}; at most {ProductLimits.Specifications} are taken."));
        }

        foreach (var (key, values) in product.Specifications)
        {
            if (key.Length is 0 or > ProductLimits.SpecificationKeyCharacters)
            {
                problems.Add(new RowProblem(Field, "invalid_specification_key", $"A key has {key.Length} characters; 1 to {ProductLimits.SpecificationKeyCharacters} are taken."));
            }

            if (values.Length > ProductLimits.SpecificationValues)
            {
                problems.Add(new RowProblem(Field, "too_many_values", $"'{key}' has {values.Length} values; at most {ProductLimits.SpecificationValues} are taken."));
            }

            if (values.FirstOrDefault(v => v.Length > ProductLimits.SpecificationCharacters) is { } tooLong)
            {
                problems.Add(new RowProblem(Field, "value_too_long", $"A value of '{key}' has {tooLong.Length} characters; at most {ProductLimits.SpecificationCharacters} are taken, or set tooLong: cut."));
            }
        }
    }

    private static void Keywords(string field, ImmutableArray<string> values, List<RowProblem> problems)
    {
        if (values.Length > ProductLimits.ListItems)
        {
            problems.Add(new RowProblem(field, "too_many_items", $"There are {values.Length}; at most {ProductLimits.ListItems} are taken."));
        }

        if (values.Any(v => v.Length is 0 or > ProductLimits.KeywordCharacters))
        {
            problems.Add(new RowProblem(field, "invalid_item", $"An item is empty or longer than {ProductLimits.KeywordCharacters} characters."));
        }
    }

    private static void Url(string field, string url, List<RowProblem> problems)
    {
        if (url.Length == 0)
        {
            return;
        }

        if (url.Length > ProductLimits.UrlCharacters || url.Contains(' ', StringComparison.Ordinal)
            || !Uri.TryCreate(url, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps) || uri.UserInfo.Length > 0)
        {
            problems.Add(new RowProblem(field, "invalid_url", $"Not an absolute http or https address of at most {ProductLimits.UrlCharacters} characters, without a user name."));
        }
    }

    /// <summary>The mapper sanitises; a product from elsewhere must be clean as well.</summary>
    private static void Hidden(Product product, List<RowProblem> problems)
    {
        foreach (var (field, text) in (ReadOnlySpan<(string, string)>)[("name", product.Name), ("brand", product.Brand), ("class", product.Class)])
        {
            if (TextSanitizer.HasHidden(text))
            {
                problems.Add(new RowProblem(field, "hidden_characters", "The text holds control or invisible characters."));
            }
        }
    }

    private static void Length(string field, int length, int limit, string unit, List<RowProblem> problems)
    {
        if (length > limit)
        {
            problems.Add(new RowProblem(field, "too_long", $"It has {length} {unit}; at most {limit} are taken."));
        }
    }
}
