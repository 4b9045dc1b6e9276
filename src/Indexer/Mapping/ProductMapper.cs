using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Turns rows into products by a mapping. Texts come out sanitised. Thread-safe.</summary>
/// <param name="mapping">The mapping.</param>
public sealed class ProductMapper(CatalogMapping mapping)
{
    /// <summary>Maps one row. Fail closed: a value that is present and cannot be read refuses the row; a default stands in only for a missing one.</summary>
    /// <param name="row">The row.</param>
    /// <param name="problems">Takes every problem found.</param>
    /// <returns>The product, not validated yet; null when a problem was found.</returns>
    public Product? Map(RowNode row, List<RowProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Count;
        var fields = new FieldReader(mapping.Fields, row, problems);
        var price = fields.Decimal(TargetField.Price);
        var product = new Product
        {
            Id = fields.Id(),
            Name = fields.Text(TargetField.Name, ProductLimits.NameCharacters),
            Description = fields.Text(TargetField.Description, ProductLimits.DescriptionCharacters),
            Brand = fields.Text(TargetField.Brand),
            CategoryPath = fields.List(TargetField.CategoryPath),
            Class = fields.Text(TargetField.Class),
            Price = price,
            Currency = price is null ? "" : fields.Text(TargetField.Currency).ToUpperInvariant(),
            Availability = fields.Availability(),
            Regions = fields.Keywords(TargetField.Regions),
            Rating = (double?)fields.Decimal(TargetField.Rating),
            RatingCount = fields.Integer(TargetField.RatingCount),
            ReleasedAt = fields.Date(),
            Url = fields.Text(TargetField.Url),
            ImageUrl = fields.Text(TargetField.ImageUrl),
            AccessLevel = fields.AccessLevel(),
            AllowedGroups = fields.AllowedGroups(),
            RestrictedRegions = fields.Keywords(TargetField.RestrictedRegions),
            Specifications = mapping.Specifications is { } rule ? SpecificationReader.Read(rule, row, problems) : Product.EmptySpecifications,
        };
        return problems.Count == before ? product : null;
    }

    /// <summary>The id of a row for messages, as far as it can be told; empty otherwise.</summary>
    public string IdOf(RowNode row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return TextSanitizer.Line(new FieldReader(mapping.Fields, row, []).Id());
    }
}
