using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Prompts;
using AiPlatform.McpServer.Mcp.Resources;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace AiPlatform.McpServer.Mcp.Completions;

/// <summary>Completes arguments of prompts and the parts of a product's URI, from what the caller sees.</summary>
internal sealed class CompletionsFeature(PromptLibrary prompts, ResourceList resources, ArgumentValues values, McpFailures failures) : IMcpFeature
{
    private const int MaxTyped = 1_000;

    private static readonly string[] TemplateArguments = [PromptArguments.Catalog, PromptArguments.Id];

    public void AddTo(McpServerOptions options) => options.Handlers.CompleteHandler = failures.Guard<CompleteRequestParams, CompleteResult>(CompleteAsync);

    private async ValueTask<CompleteResult> CompleteAsync(RequestContext<CompleteRequestParams> request, CancellationToken cancellationToken)
    {
        var scope = McpCaller.Of(request).Scope;
        var asked = request.Params ?? throw Refused("'ref' and 'argument' are needed.");
        var arguments = ArgumentsOf(scope, asked.Ref);
        if (!arguments.Contains(asked.Argument.Name))
        {
            throw Refused($"There is no such argument. Allowed: {string.Join(", ", arguments)}.");
        }

        var longest = asked.Argument.Name == PromptArguments.Ids ? PromptArguments.IdsLength : MaxTyped;
        if (asked.Argument.Value.Length > longest)
        {
            throw Refused($"'value' must be at most {longest} characters.");
        }

        var chosen = asked.Context?.Arguments?.TryGetValue(PromptArguments.Catalog, out var catalog) == true && !string.IsNullOrWhiteSpace(catalog) ? catalog : null;
        return new CompleteResult { Completion = await values.CompleteAsync(scope, asked.Argument.Name, asked.Argument.Value, chosen, cancellationToken) };
    }

    /// <summary>The arguments of what is referred to.</summary>
    private string[] ArgumentsOf(AccessScope scope, Reference reference) => reference switch
    {
        PromptReference prompt when prompts.Find(scope, prompt.Name) is { } found => [.. found.Definition.Arguments!.Select(a => a.Name)],
        PromptReference => throw Refused("There is no such prompt. prompts/list names the ones you may use."),
        ResourceTemplateReference template when resources.TemplatesFor(scope).Any(t => t.UriTemplate == template.Uri) => TemplateArguments,
        _ => throw Refused("There is no such resource template. resources/templates/list names the ones you may use."),
    };

    private static McpProtocolException Refused(string message) => new(message, McpErrorCode.InvalidParams);
}
