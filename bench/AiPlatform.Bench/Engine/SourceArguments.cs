using System.CommandLine;
using System.CommandLine.Parsing;
using AiPlatform.Indexer.Mapping;

namespace AiPlatform.Bench.Engine;

/// <summary>The options that name a catalog and its queries, the same for every verb that reads one.</summary>
internal sealed class SourceArguments
{
    private readonly Option<string> _source = new("--source") { Description = "Products: JSONL or CSV, plain or gz.", Required = true };
    private readonly Option<string> _mapping = new("--mapping") { Description = "Mapping file from the source's shape to products.", Required = true };
    private readonly Option<string> _queries = new("--queries") { Description = "TSV with the columns query_id and query.", Required = true };

    /// <param name="command">The verb.</param>
    /// <param name="queries">Whether it asks queries.</param>
    /// <param name="products">Whether it cannot do without source and mapping.</param>
    public void AddTo(Command command, bool queries, bool products = true)
    {
        _source.Required = _mapping.Required = products;
        command.Options.Add(_source);
        command.Options.Add(_mapping);
        if (queries)
        {
            command.Options.Add(_queries);
        }
    }

    public bool NamesProducts(CommandResult parse) => parse.GetValue(_source) is not null && parse.GetValue(_mapping) is not null;

    public string Mapping(ParseResult parse) => parse.GetRequiredValue(_mapping);

    public string Source(ParseResult parse) => parse.GetRequiredValue(_source);

    public string Queries(ParseResult parse) => parse.GetRequiredValue(_queries);

    public Task<CatalogMapping> MappingAsync(ParseResult parse, CancellationToken cancellationToken) =>
        MappingReader.ReadAsync(parse.GetRequiredValue(_mapping), cancellationToken);

    public async Task<SourceProducts> ReadAsync(ParseResult parse, CancellationToken cancellationToken)
    {
        var read = await SourceProducts.ReadAsync(Source(parse), await MappingAsync(parse, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);
        if (read.Refused > 0)
        {
            await Console.Error.WriteLineAsync($"{read.Refused} rows of the source are no product and were left out.").ConfigureAwait(false);
        }

        return read;
    }
}
