using System.Globalization;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Turns rows into products by a mapping. Texts come out sanitised. Thread-safe.</summary>
/// <param name="mapping">The mapping.</param>
public sealed class ProductMapper(CatalogMapping mapping)
{
    private readonly FieldRule?[] _rules = [.. Enum.GetValues<TargetField>().Select(f => mapping.Fields.GetValueOrDefault(f))];

    /// <summary>Maps one row. Fail closed: a value that is present and cannot be read refuses the row; a default stands in only for a missing one.</summary>
    /// <param name="row">The row.</param>
    /// <param name="problems">Takes every problem found.</param>
    /// <returns>The product, not validated yet; null when a problem was found.</returns>
    public Product? Map(RowNode row, List<RowProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(row);
        ArgumentNullException.ThrowIfNull(problems);
        var before = problems.Count;
        var fields = new FieldReader(_rules, row, problems);
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

    /// <summary>Whether the row says that its product is gone.</summary>
    public bool IsDeletion(RowNode row) =>
        mapping.Deleted is { } rule && rule.Path.Find(row) is var node
        && (rule.Values.IsEmpty ? FieldReader.Holds(node) : node is { IsScalar: true } && rule.Values.Contains(node.Text.Trim(), StringComparer.OrdinalIgnoreCase));

    /// <summary>The id of a row that says that its product is gone; empty with a problem when it has none.</summary>
    public string DeletedIdOf(RowNode row, List<RowProblem> problems) => new FieldReader(_rules, row, problems).Id();

    /// <summary>The version of a row, from 1; 0 where the mapping has none. A row without one refuses where the mapping asks for it.</summary>
    public long VersionOf(RowNode row, List<RowProblem> problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        if (mapping.Version is not { } rule)
        {
            return 0;
        }

        if (rule.Path.Find(row) is not { IsEmpty: false, IsScalar: true } node)
        {
            problems.Add(new RowProblem("version", "version_missing", "The row does not say how new it is, and the mapping asks for a version."));
            return 0;
        }

        var text = node.Text.Trim();
        var version = rule.IsDate
            ? FieldValues.TryDate(text, rule.DateFormat, out var date) ? date.UtcTicks / TimeSpan.TicksPerMicrosecond : 0
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
        if (version <= 0)
        {
            problems.Add(new RowProblem("version", "not_a_version", rule.IsDate ? "The version is no date in the mapping's format." : "The version is no whole number from 1."));
        }

        return version;
    }

    /// <summary>The id of a row for messages, as far as it can be told; empty otherwise.</summary>
    public string IdOf(RowNode row)
    {
        ArgumentNullException.ThrowIfNull(row);
        return TextSanitizer.Line(new FieldReader(_rules, row, []).Id());
    }
}
