using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Mcp.Tools;

/// <summary>Whoever has very many catalogs, groups and permissions is told of as many as fit.</summary>
public sealed class WhoAmIBudgetTests : IAsyncLifetime
{
    private const int Catalogs = 2_000;

    private readonly TestServer _server = new(services => services.AddSingleton<ICatalogIndex>(new ManyCatalogs()));

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Theory]
    [InlineData(AnswerBudget.MinTokens)]
    [InlineData(AnswerBudget.DefaultTokens)]
    [InlineData(AnswerBudget.MaxTokens)]
    public async Task Answer_VeryManyNames_StaysWithinItsBudget(int tokens)
    {
        var policy = FixedPolicy.Create("many-1");
        ImmutableArray<string> actions = [.. Enumerable.Range(0, 1_000).Select(i => $"act-{Long(i)}")];
        var groups = Enumerable.Range(0, 60).Select(i => new GroupPolicy
        {
            Id = "g-" + Long(i),
            Tier = "enterprise",
            Permissions = [new Permission("products", actions, ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal))],
        }).ToList();
        _server.Policy.Current = policy with { Groups = policy.Groups.AddRange(groups.Select(g => KeyValuePair.Create(g.Id, g))) };
        var key = _server.Keys.Add("many", "EU", [.. groups.Select(g => g.Id)]);

        var result = (await _server.CallAsync(key, "whoami", $$"""{"max_tokens":{{tokens}}}""")).GetProperty("result");
        var answer = result.GetProperty("structuredContent");

        Assert.InRange(Encoding.UTF8.GetByteCount(result.GetRawText()), 1, tokens * AnswerBudget.BytesPerToken);
        Assert.All(["groups", "permissions", "catalogs"], name => Assert.NotEqual(0, answer.GetProperty(name).GetArrayLength()));
        Assert.Equal(Catalogs, answer.GetProperty("catalogs").GetArrayLength() + answer.GetProperty("catalogs_omitted").GetInt32());
        Assert.Contains("catalogs did not fit", result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
        SchemaCheck.Assert(_server.Services.GetServices<IMcpTool>().Single(t => t.Definition.Name == "whoami").Definition.OutputSchema!.Value, answer, "whoami");
    }

    private static string Long(int number) => number.ToString(CultureInfo.InvariantCulture).PadLeft(50, 'x');

    private sealed class ManyCatalogs : ForwardingIndex
    {
        public override ValueTask<IReadOnlyList<CatalogInfo>> ListCatalogsAsync(AccessScope scope, CancellationToken cancellationToken) =>
            ValueTask.FromResult<IReadOnlyList<CatalogInfo>>([.. Enumerable.Range(0, Catalogs).Select(i => new CatalogInfo("c-" + Long(i), 1_000_000, 1, ""))]);
    }
}
