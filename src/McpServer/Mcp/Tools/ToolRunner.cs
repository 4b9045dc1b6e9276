using System.Collections.Immutable;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Operations;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>Runs a call for a caller and turns every expected failure into an answer. The one place where errors of tools become words.</summary>
internal sealed class ToolRunner
{
    private readonly ImmutableArray<IMcpTool> _tools;
    private readonly Dictionary<string, (IMcpTool Tool, string[] Arguments)> _byName;
    private readonly CatalogArgument _catalogs;
    private readonly TimeProvider _time;
    private readonly ILogger<ToolRunner> _logger;

    public ToolRunner(IEnumerable<IMcpTool> tools, CatalogArgument catalogs, TimeProvider time, ILogger<ToolRunner> logger)
    {
        _tools = [.. tools];
        _byName = _tools.ToDictionary(t => t.Definition.Name, t => (t, ArgumentsOf(t.Definition)), StringComparer.Ordinal);
        _catalogs = catalogs;
        _time = time;
        _logger = logger;
    }

    /// <summary>The tools the scope may use, always in the same order.</summary>
    public IReadOnlyList<Tool> ListFor(AccessScope scope)
    {
        var now = _time.GetUtcNow();
        return [.. _tools.Where(t => t.IsOffered(scope, now)).Select(t => t.Definition)];
    }

    /// <summary>Whether the scope may make the call; false for a name nobody knows.</summary>
    public bool IsPermitted(string name, JsonElement arguments, AccessScope scope) => _byName.TryGetValue(name, out var entry) && entry.Tool.IsPermitted(scope, arguments, _time.GetUtcNow());

    /// <summary>Whether there is such a tool for anybody.</summary>
    public bool Knows(string name) => _byName.ContainsKey(name);

    /// <summary>Whether a call of the tool may take long; false for a name nobody knows.</summary>
    public bool IsLong(string name) => _byName.TryGetValue(name, out var entry) && entry.Tool.IsLong;

    /// <summary>Runs a call.</summary>
    /// <exception cref="McpProtocolException">There is no such tool for this caller, or the client's answer belongs to no question.</exception>
    /// <exception cref="InputRequiredException">The client is asked first.</exception>
    public async ValueTask<ToolAnswer> RunAsync(string name, ToolCall call, CancellationToken cancellationToken)
    {
        if (!_byName.TryGetValue(name, out var entry) || !entry.Tool.IsOffered(call.Caller.Scope, _time.GetUtcNow()))
        {
            throw new McpProtocolException("There is no such tool. tools/list names the ones you may use.", McpErrorCode.InvalidParams);
        }

        try
        {
            call.Arguments.AllowOnly(entry.Arguments);
            return await entry.Tool.InvokeAsync(call, cancellationToken);
        }
        catch (ToolArgumentException wrong)
        {
            return ToolError.Create(wrong.Code, wrong.Argument, wrong.Message);
        }
        catch (CatalogRequestException refused)
        {
            return await ExplainAsync(refused, entry.Tool, call, cancellationToken);
        }
        catch (AccessRefusedException refused)
        {
            return ToolError.Create(refused.Code, null, refused.Message);
        }
        catch (CatalogEngineException away)
        {
            var reference = FailureReference.Create();
            Log.EngineFailed(_logger, away.Code, away.Message, reference);
            return ToolError.Create("search_unavailable", null, FailureReference.TellEngineAway(reference), away.IsTransient);
        }
        catch (Exception failure) when (failure is not (OperationCanceledException or McpException or InputRequiredException))
        {
            // The boundary of a call: the caller gets a reference to the log entry and nothing of the exception.
            var reference = FailureReference.Create();
            Log.ToolFailed(_logger, failure, name, call.Caller.Subject, reference);
            await call.Feedback.LogAsync(LoggingLevel.Warning, $"A call of {name} failed; the reference is {reference}.", cancellationToken);
            return ToolError.Create("internal_error", null, FailureReference.Tell("call", reference), retryable: true);
        }
    }

    private async ValueTask<ToolAnswer> ExplainAsync(CatalogRequestException refused, IMcpTool tool, ToolCall call, CancellationToken cancellationToken) => refused.Code switch
    {
        // One text for what does not exist and what the caller may not see, whatever the engine says.
        // Catalogs are named only by the tools that read them: a tool with a right of its own would name ones it has no right in.
        CatalogErrors.UnknownCatalog when !tool.NamesCatalogs => ToolError.Create(refused.Code, CatalogArgument.Name, "There is no such catalog. whoami lists the catalogs you can use."),
        CatalogErrors.UnknownCatalog => ToolError.Create(
            refused.Code, CatalogArgument.Name, await _catalogs.UnknownAsync(call.Caller.Scope, call.Arguments.Written(CatalogArgument.Name), cancellationToken)),
        CatalogErrors.NotFound => ToolError.Create(refused.Code, "id", "There is no such product. Search for it and quote its id exactly."),
        CatalogErrors.InvalidCursor => ToolError.Create(refused.Code, "cursor", "The cursor cannot be used. Repeat the search without a cursor, then page with the same arguments."),
        _ => ToolError.Create(refused.Code, refused.Argument, SafeText.Clean(refused.Message)),
    };

    private static string[] ArgumentsOf(Tool definition) =>
        definition.InputSchema.TryGetProperty("properties", out var properties) ? [.. properties.EnumerateObject().Select(p => p.Name)] : [];
}
