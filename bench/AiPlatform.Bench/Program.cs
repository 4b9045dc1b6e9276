using System.CommandLine;
using AiPlatform.Bench.Engine;
using AiPlatform.Bench.Indexing;
using AiPlatform.Bench.Mcp;
using AiPlatform.Bench.OpenSearch;
using AiPlatform.Bench.Relevance;
using AiPlatform.Bench.Scale;
using AiPlatform.Bench.Search;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embeddings;

TrainEmbedder train = (products, analyzer, cancellationToken) =>
    Task.FromResult<IProductEmbedder>(CatalogEmbedderTrainer.Train(products, TextAnalyzers.Get(analyzer), new CatalogEmbedderOptions(), cancellationToken));

// Every benchmark is a verb; each says what it needs with --help.
var root = new RootCommand("Benchmarks of AiPlatform. Run in Release: dotnet run -c Release --project bench/AiPlatform.Bench -- VERB")
{
    RelevanceVerb.Create(train),
    PeerVerb.Create(),
    SearchVerb.Create(EmbeddedEngine.Open, train),
    McpVerb.Create(),
    IndexVerb.Create(EmbeddedEngine.Open, train),
    ScaleVerb.Create(EmbeddedEngine.Open),
    OpenSearchVerb.Create(train),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
