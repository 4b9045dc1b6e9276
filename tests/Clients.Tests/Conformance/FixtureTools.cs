using System.Text.Json;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>The suite's tools. Progress and log messages go out through the product's own <see cref="SdkFeedback"/>.</summary>
internal sealed class FixtureTools(FixtureChanges changes)
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    public async ValueTask<CallToolResult> CallAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var name = request.Params!.Name;
        if ((FixtureData.Result(name) ?? FixtureRounds.Call(request)) is { } answer)
        {
            return answer;
        }

        switch (name)
        {
            case "test_sampling":
                return await SampleAsync(request, cancellationToken);
            case "test_tool_with_logging":
                return await LogAsync(new SdkFeedback(request), cancellationToken);
            case "test_logging_tool":
                await new SdkFeedback(request).LogAsync(LoggingLevel.Info, "Called", cancellationToken);
                return Text("Logged if asked to.");
            case "test_tool_with_progress":
                return await ProgressAsync(new SdkFeedback(request), cancellationToken);
            case "test_reconnection":
                // Answers at once: the suite comes back once, without waiting.
                await request.EnablePollingAsync(Step, cancellationToken);
                return Text("The client came back.");
            case "test_trigger_tool_change" or "test_trigger_prompt_change":
                changes.Edit();
                return Text("The lists have changed.");
            default:
                return await ElicitAsync(request, cancellationToken);
        }
    }

    private static async Task<CallToolResult> SampleAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var answer = await request.Server.SampleAsync(
            new CreateMessageRequestParams
            {
                Messages = [new SamplingMessage { Role = Role.User, Content = [new TextContentBlock { Text = Argument(request, "prompt") }] }],
                MaxTokens = 100,
            },
            cancellationToken);
        return Text($"LLM response: {answer.Content.OfType<TextContentBlock>().First().Text}");
    }

    private static async Task<CallToolResult> ElicitAsync(RequestContext<CallToolRequestParams> request, CancellationToken cancellationToken)
    {
        var question = FixtureData.Elicitation(request.Params!.Name) ?? throw new McpProtocolException("There is no such fixture.", McpErrorCode.InvalidParams);
        if (question.Message.Length == 0)
        {
            question.Message = Argument(request, "message");
        }

        var answer = await request.Server.ElicitAsync(question, cancellationToken);
        var content = JsonSerializer.Serialize(answer.Content, McpJsonUtilities.DefaultOptions);
        return Text($"Elicitation completed: action={answer.Action}, content={content}");
    }

    private static async Task<CallToolResult> LogAsync(SdkFeedback feedback, CancellationToken cancellationToken)
    {
        await feedback.LogAsync(LoggingLevel.Info, "Tool execution started", cancellationToken);
        await Task.Delay(Step, cancellationToken);
        await feedback.LogAsync(LoggingLevel.Info, "Tool processing data", cancellationToken);
        await Task.Delay(Step, cancellationToken);
        await feedback.LogAsync(LoggingLevel.Info, "Tool execution completed", cancellationToken);
        return Text("Logged.");
    }

    private static async Task<CallToolResult> ProgressAsync(SdkFeedback feedback, CancellationToken cancellationToken)
    {
        foreach (var done in (int[])[0, 50, 100])
        {
            await feedback.ProgressAsync(done, 100, "Working", cancellationToken);
            await Task.Delay(Step, cancellationToken);
        }

        return Text("Done.");
    }

    private static string Argument(RequestContext<CallToolRequestParams> request, string name) =>
        request.Params?.Arguments is { } arguments && arguments.TryGetValue(name, out var value) ? value.GetString() ?? "" : "";

    private static CallToolResult Text(string text) => new() { Content = [new TextContentBlock { Text = text }] };
}
