using System.CommandLine;
using AiPlatform.Bench.Mcp;
using AiPlatform.Bench.Relevance;

// Every benchmark is a verb; each says what it needs with --help.
var root = new RootCommand("Benchmarks of AiPlatform. Run in Release: dotnet run -c Release --project bench/AiPlatform.Bench -- VERB")
{
    PeerVerb.Create(),
    McpVerb.Create(),
};
return await root.Parse(args).InvokeAsync().ConfigureAwait(false);
