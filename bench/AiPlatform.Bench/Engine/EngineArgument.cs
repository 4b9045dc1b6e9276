using System.CommandLine;
using AiPlatform.Bench.OpenSearch;

namespace AiPlatform.Bench.Engine;

/// <summary>The option that chooses the engine.</summary>
internal sealed class EngineArgument
{
    private readonly Option<string> _engine = new("--engine") { Description = "embedded, or opensearch: the cluster at OPENSEARCH_URL.", DefaultValueFactory = _ => "embedded" };

    public EngineArgument() => _engine.AcceptOnlyFromAmong("embedded", "opensearch");

    public void AddTo(Command command) => command.Options.Add(_engine);

    public OpenEngine Open(ParseResult parse) => parse.GetValue(_engine) == "opensearch" ? OpenSearchEngine.Open : EmbeddedEngine.Open;
}
