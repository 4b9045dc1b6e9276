using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Bench.Engine;

/// <summary>Vectors made elsewhere, in place of the default generator.</summary>
internal sealed class VectorArguments
{
    private readonly Option<string?> _vectors = new("--vectors") { Description = "PREFIX of product vectors: PREFIX.i8 and PREFIX.scale.f32, row i for line i of the source." };
    private readonly Option<string?> _queryVectors = new("--query-vectors") { Description = "PREFIX of query vectors, row i for line i after the header of --queries." };

    public void AddTo(Command command)
    {
        command.Options.Add(_vectors);
        command.Options.Add(_queryVectors);
        command.Validators.Add(result =>
        {
            if (result.GetValue(_vectors) is null != result.GetValue(_queryVectors) is null)
            {
                result.AddError("--vectors and --query-vectors belong together.");
            }
        });
    }

    public bool Given(CommandResult parse) => parse.GetValue(_vectors) is not null || parse.GetValue(_queryVectors) is not null;

    /// <summary>An embedder over the files; null when none were named.</summary>
    public IProductEmbedder? Embedder(ParseResult parse, SourceProducts source, IReadOnlyList<(string Id, string Text)> queries)
    {
        if (parse.GetValue(_vectors) is not { } prefix || parse.GetValue(_queryVectors) is not { } queryPrefix)
        {
            return null;
        }

        var products = StoredVectors.Read(prefix);
        var asked = StoredVectors.Read(queryPrefix);
        if (asked.Rows != queries.Count || products.Rows < source.Products[^1].Line || asked.Dimensions != products.Dimensions)
        {
            throw new InvalidDataException(string.Create(CultureInfo.InvariantCulture, $"The vectors do not fit: {products.Rows} x {products.Dimensions} for {source.Products[^1].Line} lines, {asked.Rows} x {asked.Dimensions} for {queries.Count} queries."));
        }

        var rows = source.Products.ToDictionary(p => p.Product.Id, p => (int)p.Line - 1, StringComparer.Ordinal);
        var vectors = new Dictionary<string, float[]>(StringComparer.Ordinal);
        for (var i = 0; i < queries.Count; i++)
        {
            vectors[queries[i].Text] = asked.Row(i);
        }

        return new LookupEmbedder("stored:" + Path.GetFileName(prefix), products.Dimensions, id => rows.TryGetValue(id, out var row) ? products.Row(row) : null, vectors);
    }
}
