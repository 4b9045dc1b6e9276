// The SDK's own door for answers that are no results of tools; it may still change.
#pragma warning disable MCPEXP002

using System.Globalization;
using AiPlatform.McpServer.Mcp;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>
/// Adds the fixtures to what the product offers: its handlers stand around the product's and pass on whatever is not a fixture, so that
/// the suite's messages take the product's whole way in and out.
/// </summary>
internal sealed class FixtureFeature(FixtureTools tools, FixtureTasks tasks) : IMcpFeature
{
    private const string TemplateStart = "test://template/";
    private const string TemplateEnd = "/data";

    public void AddTo(McpServerOptions options)
    {
        var handlers = options.Handlers;
        AddTools(handlers);
        AddPrompts(handlers);
        AddResources(handlers);
        AddSubscriptions(handlers);
        options.Capabilities ??= new ServerCapabilities();
        options.Capabilities.Logging ??= new LoggingCapability();
        options.Capabilities.Completions ??= new CompletionsCapability();
        options.Capabilities.Resources ??= new ResourcesCapability();
        options.Capabilities.Resources.Subscribe = true;
    }

    private void AddTools(McpServerHandlers handlers)
    {
        var (list, call) = (handlers.ListToolsHandler, handlers.CallToolWithAlternateHandler);
        handlers.ListToolsHandler = async (request, cancellationToken) =>
        {
            var page = list is null ? new ListToolsResult() : await list(request, cancellationToken);
            page.Tools = [.. page.Tools, .. page.NextCursor is null ? FixtureData.Tools : []];
            return page;
        };
        handlers.CallToolWithAlternateHandler = async (request, cancellationToken) =>
            FixtureData.Tools.Exists(t => t.Name == request.Params?.Name)
                ? tasks.Call(request) ?? await tools.CallAsync(request, cancellationToken)
                : await (call ?? throw Unknown())(request, cancellationToken);
    }

    private static void AddPrompts(McpServerHandlers handlers)
    {
        var (list, get, complete) = (handlers.ListPromptsHandler, handlers.GetPromptHandler, handlers.CompleteHandler);
        handlers.ListPromptsHandler = async (request, cancellationToken) =>
        {
            var page = list is null ? new ListPromptsResult() : await list(request, cancellationToken);
            page.Prompts = [.. page.Prompts, .. page.NextCursor is null ? FixtureData.Prompts : []];
            return page;
        };
        handlers.GetPromptHandler = async (request, cancellationToken) =>
            FixturePrompts.Get(request) ?? await (get ?? throw Unknown())(request, cancellationToken);
        handlers.CompleteHandler = async (request, cancellationToken) =>
            request.Params?.Ref is PromptReference prompt && FixtureData.Prompts.Exists(p => p.Name == prompt.Name)
                ? new CompleteResult { Completion = new Completion { Values = ["paris", "park", "party"], Total = 3, HasMore = false } }
                : await (complete ?? throw Unknown())(request, cancellationToken);
    }

    private static void AddResources(McpServerHandlers handlers)
    {
        var (list, templates, read) = (handlers.ListResourcesHandler, handlers.ListResourceTemplatesHandler, handlers.ReadResourceHandler);
        handlers.ListResourcesHandler = async (request, cancellationToken) =>
        {
            var page = list is null ? new ListResourcesResult() : await list(request, cancellationToken);
            page.Resources = [.. page.Resources, .. page.NextCursor is null ? FixtureData.Resources : []];
            return page;
        };
        handlers.ListResourceTemplatesHandler = async (request, cancellationToken) =>
        {
            var page = templates is null ? new ListResourceTemplatesResult() : await templates(request, cancellationToken);
            page.ResourceTemplates = [.. page.ResourceTemplates, .. page.NextCursor is null ? FixtureData.ResourceTemplates : []];
            return page;
        };
        handlers.ReadResourceHandler = async (request, cancellationToken) =>
            Read(request.Params?.Uri ?? "") is { } content
                ? new ReadResourceResult { Contents = [content] }
                : await (read ?? throw Unknown())(request, cancellationToken);
    }

    private static void AddSubscriptions(McpServerHandlers handlers)
    {
        var (subscribe, unsubscribe) = (handlers.SubscribeToResourcesHandler, handlers.UnsubscribeFromResourcesHandler);
        handlers.SubscribeToResourcesHandler = async (request, cancellationToken) =>
            IsFixture(request.Params?.Uri) ? new EmptyResult() : await (subscribe ?? throw Unknown())(request, cancellationToken);
        handlers.UnsubscribeFromResourcesHandler = async (request, cancellationToken) =>
            IsFixture(request.Params?.Uri) ? new EmptyResult() : await (unsubscribe ?? throw Unknown())(request, cancellationToken);
    }

    private static bool IsFixture(string? uri) => FixtureData.Resources.Exists(r => r.Uri == uri);

    private static ResourceContents? Read(string uri)
    {
        if (!uri.StartsWith(TemplateStart, StringComparison.Ordinal) || !uri.EndsWith(TemplateEnd, StringComparison.Ordinal))
        {
            return FixtureData.Contents(uri);
        }

        var id = uri[TemplateStart.Length..^TemplateEnd.Length];
        var text = string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","templateTest":true,"data":"Data for ID: {{id}}"}""");
        return new TextResourceContents { Uri = uri, MimeType = "application/json", Text = text };
    }

    private static McpProtocolException Unknown() => new("There is no such fixture.", McpErrorCode.InvalidParams);
}
