using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Mcp.Tools.Reindexing;
using AiPlatform.McpServer.Tests.Fixtures;
using ModelContextProtocol;

namespace AiPlatform.McpServer.Tests.Mcp.Tools.Reindexing;

public sealed class ReindexBudgetTests
{
    private const int Kinds = 50;

    [Theory]
    [InlineData(AnswerBudget.MinTokens)]
    [InlineData(5_000)]
    [InlineData(AnswerBudget.MaxTokens)]
    public void Answer_TenJobsOfFiftyKindsOfRejection_StaysWithinItsBudget(int tokens)
    {
        ImmutableArray<ReindexJobInfo> jobs = [.. Enumerable.Range(0, 10).Select(Job)];
        var generations = Enumerable.Range(0, 3).Select(i => new GenerationInfo("sample", i + 1, DateTimeOffset.UnixEpoch, 1_000_000, "model", 256, new string('√', 500), 1L << 40)).ToList();

        var answer = GetReindexTool.Answer(tokens, "sample", jobs, generations);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(answer.ToResult(), McpJsonUtilities.DefaultOptions).Length;
        var structured = JsonElement.Parse(answer.Structured.Span);

        Assert.InRange(bytes, 1, tokens * AnswerBudget.BytesPerToken);
        SchemaCheck.Assert(new GetReindexTool(null!).Definition.OutputSchema!.Value, structured, "get_reindex");
        var shown = structured.GetProperty("jobs").EnumerateArray().ToList();
        // One job whose every text is as long as it can be is more than the smallest answer holds.
        Assert.True(tokens == AnswerBudget.MinTokens || shown.Count > 0);
        Assert.Equal(10, shown.Count + (structured.TryGetProperty("jobs_omitted", out var omitted) ? omitted.GetInt32() : 0));
        Assert.All(shown, job => Assert.Equal(
            Kinds,
            (job.TryGetProperty("rejections", out var kinds) ? kinds.GetArrayLength() : 0) + (job.TryGetProperty("rejections_omitted", out var left) ? left.GetInt32() : 0)));
        Assert.True(tokens == AnswerBudget.MinTokens || structured.GetProperty("generations").GetArrayLength() > 0);
    }

    private static ReindexJobInfo Job(int number) => new()
    {
        Id = "job_" + number.ToString(CultureInfo.InvariantCulture).PadLeft(32, '0'),
        Catalog = "sample",
        State = ReindexJobState.Refused,
        DryRun = false,
        Force = false,
        RequestedBy = new string('é', 300),
        RequestedAt = DateTimeOffset.UnixEpoch,
        CancelledBy = new string('é', 300),
        Activity = new string('a', 200),
        Rejections = [.. Enumerable.Range(0, Kinds).Select(k => new RejectionCount("restrictedRegions" + k, "specification_value_too_long" + k, 1_000_000, 9_999_999))],
        DeadLetterFile = "sample-20261121-121335.jsonl",
        Fault = new ReindexFault("too_many_rejected", new string('b', 300)),
    };
}
