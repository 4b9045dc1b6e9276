using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Mcp.Tools;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Prompts;

/// <summary>Lists prompts and fills them in.</summary>
internal sealed class PromptsFeature(PromptLibrary prompts, ListPages pages, McpFailures failures) : IMcpFeature
{
    public void AddTo(McpServerOptions options)
    {
        options.Handlers.ListPromptsHandler = failures.Guard<ListPromptsRequestParams, ListPromptsResult>(ListAsync);
        options.Handlers.GetPromptHandler = failures.Guard<GetPromptRequestParams, GetPromptResult>(GetAsync);
    }

    private ValueTask<ListPromptsResult> ListAsync(RequestContext<ListPromptsRequestParams> request, CancellationToken cancellationToken)
    {
        var scope = McpCaller.Of(request).Scope;
        var page = pages.Page(RequestMethods.PromptsList, scope, prompts.ListFor(scope), request.Params?.Cursor);
        return ValueTask.FromResult(new ListPromptsResult { Prompts = page.Items, NextCursor = page.NextCursor });
    }

    private async ValueTask<GetPromptResult> GetAsync(RequestContext<GetPromptRequestParams> request, CancellationToken cancellationToken)
    {
        var caller = McpCaller.Of(request);
        var prompt = prompts.Find(caller.Scope, request.Params?.Name ?? "")
            ?? throw Refused("There is no such prompt. prompts/list names the ones you may use.");
        try
        {
            var arguments = ToolArguments.From(request.Params?.Arguments);
            arguments.AllowOnly([.. prompt.Definition.Arguments!.Select(a => a.Name)]);
            return (await prompt.DraftAsync(caller, arguments, cancellationToken)).ToResult(prompt.Definition.Description);
        }
        catch (ToolArgumentException wrong)
        {
            throw Refused($"{wrong.Code} ({wrong.Argument}): {wrong.Message}");
        }
        catch (CatalogRequestException refused)
        {
            // One text for what does not exist and what the caller may not see.
            throw Refused(refused.Code switch
            {
                CatalogErrors.UnknownCatalog => "unknown_catalog (catalog): There is no such catalog. resources/list names the catalogs you can use.",
                CatalogErrors.NotFound => $"not_found: There is no such product: {refused.Message}. Search for it and quote its id exactly.",
                _ => $"{refused.Code} ({refused.Argument}): {SafeText.Clean(refused.Message)}",
            });
        }
    }

    private static McpProtocolException Refused(string message) => new(message, McpErrorCode.InvalidParams);
}
