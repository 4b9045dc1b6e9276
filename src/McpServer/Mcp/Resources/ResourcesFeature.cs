using AiPlatform.McpServer.Mcp.Http;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Resources;

/// <summary>Lists and reads resources.</summary>
internal sealed class ResourcesFeature(ResourceList list, ResourceReader reader, ListPages pages, McpFailures failures) : IMcpFeature
{
    public void AddTo(McpServerOptions options)
    {
        options.Handlers.ListResourcesHandler = failures.Guard<ListResourcesRequestParams, ListResourcesResult>(ListAsync);
        options.Handlers.ListResourceTemplatesHandler = failures.Guard<ListResourceTemplatesRequestParams, ListResourceTemplatesResult>(ListTemplatesAsync);
        options.Handlers.ReadResourceHandler = failures.Guard<ReadResourceRequestParams, ReadResourceResult>(ReadAsync);
    }

    /// <summary>The one refusal of a URI: what is malformed, missing or out of sight is not told apart. Its code is the one the client's revision knows.</summary>
    public static McpProtocolException NotFound(MessageContext request) => new(
        "There is no such resource. resources/list names the catalogs; search for a product and quote its link exactly.",
        (request.JsonRpcMessage.Context?.ProtocolVersion ?? request.Server.NegotiatedProtocolVersion) == ProtocolVersions.Modern ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);

    private async ValueTask<ListResourcesResult> ListAsync(RequestContext<ListResourcesRequestParams> request, CancellationToken cancellationToken)
    {
        var scope = McpCaller.Of(request).Scope;
        var page = pages.Page(RequestMethods.ResourcesList, scope, await list.ListAsync(scope, cancellationToken), request.Params?.Cursor);
        return new ListResourcesResult { Resources = page.Items, NextCursor = page.NextCursor };
    }

    private ValueTask<ListResourceTemplatesResult> ListTemplatesAsync(RequestContext<ListResourceTemplatesRequestParams> request, CancellationToken cancellationToken)
    {
        var scope = McpCaller.Of(request).Scope;
        var page = pages.Page(RequestMethods.ResourcesTemplatesList, scope, list.TemplatesFor(scope), request.Params?.Cursor);
        return ValueTask.FromResult(new ListResourceTemplatesResult { ResourceTemplates = page.Items, NextCursor = page.NextCursor });
    }

    private async ValueTask<ReadResourceResult> ReadAsync(RequestContext<ReadResourceRequestParams> request, CancellationToken cancellationToken)
    {
        var uri = request.Params?.Uri ?? "";
        var json = await reader.ReadAsync(McpCaller.Of(request).Scope, uri, cancellationToken) ?? throw NotFound(request);
        return new ReadResourceResult
        {
            Contents = [new TextResourceContents { Uri = uri, MimeType = ResourceReader.MediaType, Text = json }],
        };
    }
}
