using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Bench.Engine;

/// <summary>The products of a source, read as the indexer reads them. Rows that are no product are counted and left out.</summary>
/// <param name="Products">The products with the line each stood on, counted from 1.</param>
/// <param name="Refused">Rows left out.</param>
internal sealed record SourceProducts(IReadOnlyList<(long Line, Product Product)> Products, int Refused)
{
    public static async Task<SourceProducts> ReadAsync(string source, CatalogMapping mapping, CancellationToken cancellationToken)
    {
        var mapper = new ProductMapper(mapping);
        var products = new List<(long, Product)>();
        var problems = new List<RowProblem>();
        var refused = 0;
        await using var reader = SourceReaders.Open(source, mapping.Source);
        await foreach (var row in reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            problems.Clear();
            var product = row.Value is { } value ? mapper.Map(value, problems) : null;
            if (product is not null)
            {
                ProductValidator.Validate(product, problems);
            }

            if (product is null || problems.Count > 0)
            {
                refused++;
            }
            else
            {
                products.Add((row.Line, product));
            }
        }

        return new SourceProducts(products, refused);
    }
}
