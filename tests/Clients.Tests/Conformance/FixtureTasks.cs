// The SDK's own door for answers that are no results of tools; it may still change.
#pragma warning disable MCPEXP002

using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Mcp.Tasks;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>The suite's tools that become tasks. How tasks are asked for, told and given up is the product's own; only what they do is made up.</summary>
internal sealed class FixtureTasks(TimeProvider time) : IMcpTaskSource
{
    private readonly ConcurrentDictionary<string, Work> _work = new(StringComparer.Ordinal);

    /// <summary>Null when the tool is none of these.</summary>
    public ResultOrAlternate<CallToolResult>? Call(RequestContext<CallToolRequestParams> request)
    {
        var declared = TasksExtension.IsDeclaredBy(request.JsonRpcRequest);
        switch (request.Params!.Name)
        {
            case "greet":
                return Answer($"Hello, {Argument(request, "name")}!").ToResult();
            case "slow_compute":
                var seconds = double.Parse(Argument(request, "seconds"), CultureInfo.InvariantCulture);
                return declared ? Begin(TimeSpan.FromSeconds(seconds), Answer("computed")) : Answer("computed").ToResult();
            case "failing_job" when !declared:
                throw TasksExtension.NotDeclared();
            case "failing_job":
                return Begin(TimeSpan.FromMilliseconds(200), Answer("It failed.") with { IsError = true });
            case "protocol_error_job":
                return Begin(TimeSpan.FromMilliseconds(200), null);
            case "confirm_delete":
                return Begin(TimeSpan.Zero, Answer("deleted"), "confirm");
            case "multi_input":
                return Begin(TimeSpan.Zero, Answer("done"), "first", "second");
            case "test_tool_with_task":
                var name = FixtureRounds.Elicited(request.Params, "user_name", "name") ?? throw FixtureRounds.Ask("asked", "user_name");
                return Begin(TimeSpan.FromMilliseconds(200), Answer($"Hello, {name}!"));
            default:
                return null;
        }
    }

    public ValueTask<McpTask?> FindAsync(Caller caller, string id, CancellationToken cancellationToken) =>
        ValueTask.FromResult(_work.TryGetValue(id, out var work) ? work.Look(time.GetUtcNow()) : null);

    public ValueTask<bool> CancelAsync(Caller caller, string id, CancellationToken cancellationToken)
    {
        if (!_work.TryGetValue(id, out var work))
        {
            return ValueTask.FromResult(false);
        }

        work.Cancelled |= work.Look(time.GetUtcNow()).Status is McpTaskStatus.Working or McpTaskStatus.InputRequired;
        return ValueTask.FromResult(true);
    }

    public ValueTask<bool> UpdateAsync(Caller caller, string id, JsonElement answers, CancellationToken cancellationToken)
    {
        if (!_work.TryGetValue(id, out var work))
        {
            return ValueTask.FromResult(false);
        }

        foreach (var answer in answers.EnumerateObject())
        {
            work.Open.TryRemove(answer.Name, out _);
        }

        return ValueTask.FromResult(true);
    }

    private ResultOrAlternate<CallToolResult> Begin(TimeSpan takes, ToolAnswer? answer, params string[] questions)
    {
        var now = time.GetUtcNow();
        var work = new Work($"fixture-{_work.Count}", now, now + takes, answer);
        foreach (var question in questions)
        {
            work.Open[question] = true;
        }

        _work[work.Id] = work;
        return ResultOrAlternate<CallToolResult>.FromAlternate(CreatedTask.Of(work.Look(now) with { Status = McpTaskStatus.Working }), CreatedTaskJson.Default.CreatedTask);
    }

    private static ToolAnswer Answer(string text) => new("{}"u8.ToArray(), text, IsError: false);

    private static string Argument(RequestContext<CallToolRequestParams> request, string name) =>
        request.Params!.Arguments is { } arguments && arguments.TryGetValue(name, out var value) ? value.ToString() : "";

    private sealed class Work(string id, DateTimeOffset begun, DateTimeOffset ends, ToolAnswer? answer)
    {
        public string Id => id;

        /// <summary>Keys of the questions that are not answered.</summary>
        public ConcurrentDictionary<string, bool> Open { get; } = new(StringComparer.Ordinal);

        public bool Cancelled { get; set; }

        public McpTask Look(DateTimeOffset now)
        {
            var status = Cancelled ? McpTaskStatus.Cancelled
                : !Open.IsEmpty ? McpTaskStatus.InputRequired
                : now < ends ? McpTaskStatus.Working
                : answer is null ? McpTaskStatus.Failed
                : McpTaskStatus.Completed;
            return new McpTask
            {
                Id = id,
                Status = status,
                CreatedAt = begun,
                UpdatedAt = now,
                TimeToLive = TimeSpan.FromHours(1),
                PollInterval = TimeSpan.FromMilliseconds(100),
                Answer = answer,
                Error = new JsonRpcErrorDetail { Code = (int)McpErrorCode.InternalError, Message = "It broke off." },
                InputRequests = new JsonObject(Open.Keys.Select(k => KeyValuePair.Create<string, JsonNode?>(k, JsonSerializer.SerializeToNode(FixtureData.Input("user_name"), McpJsonUtilities.DefaultOptions)))),
            };
        }
    }
}
