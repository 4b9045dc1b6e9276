using Xunit;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>What the ranking is worth to a client: judged catalogs through the real indexer, server and protocol.</summary>
public sealed class JudgedRelevanceTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("aiplatform-e2e-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [SkippableTheory]
    [InlineData("esci150", .745)]
    [InlineData("icecat135", .80)]
    public async Task SearchProducts_JudgedCatalog_ReachesTheFloor(string name, double floor)
    {
        var judged = JudgedCatalog.Find(name);
        Skip.If(judged is null, $"The judged catalog {name} is not on this machine.");
        var (indexed, said) = await ServerProcess.IndexAsync(_data, judged.Source, judged.Mapping, name);
        Assert.True(indexed == 0, said);
        await using var server = await ServerProcess.StartAsync(_data);

        var ndcg = judged.Ndcg(await AskAsync(server, judged, name));

        Assert.True(ndcg >= floor, $"{name}: NDCG@10 is {ndcg:0.0000}, the floor is {floor:0.000}.");
    }

    private static async Task<Dictionary<string, IReadOnlyList<string>>> AskAsync(ServerProcess server, JudgedCatalog judged, string catalog)
    {
        var run = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        await using var client = await server.ConnectAsync(server.Keys["administrators"], "2026-07-28");
        foreach (var (id, text) in judged.Queries)
        {
            var answer = await client.CallToolAsync("search_products", new Dictionary<string, object?> { ["query"] = text, ["catalog"] = catalog, ["page_size"] = 10 });
            Assert.NotEqual(true, answer.IsError);
            var page = answer.StructuredContent!.Value;
            Assert.False(page.TryGetProperty("degraded", out var degraded), degraded.ToString());
            run[id] = [.. page.GetProperty("products").EnumerateArray().Select(p => p.GetProperty("id").GetString()!)];
        }

        return run;
    }
}
