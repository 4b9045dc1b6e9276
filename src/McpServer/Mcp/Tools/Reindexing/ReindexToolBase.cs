using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>A tool over the reindex jobs: offered to callers that have its right in at least one catalog it can be used on. The jobs themselves judge every call.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="action">The right, an action of <see cref="ReindexPermission"/>.</param>
internal abstract class ReindexToolBase(ReindexJobs jobs, string action) : IMcpTool
{
    protected const string CatalogName = CatalogArgument.Name;
    protected const string JobId = "job_id";

    private const int MostNames = 20;

    protected const string CatalogSchema = """
        "catalog": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 64, "description": "Name of the catalog. May be left out when there is only one you have this right in."}
        """;

    protected const string JobIdSchema = """
        "job_id": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 64, "description": "Id of a job, exactly as start_reindex or get_reindex gave it."}
        """;

    public abstract Tool Definition { get; }

    public virtual bool IsLong => false;

    protected ReindexJobs Jobs => jobs;

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => jobs.IsOffered(scope, action);

    public async ValueTask<ToolAnswer> InvokeAsync(ToolCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAsync(call, cancellationToken);
        }
        catch (ReindexRequestException refused)
        {
            return ToolError.Create(refused.Code, null, refused.Message, refused.IsRetryable);
        }
        catch (CatalogRequestException unknown) when (unknown.Code == CatalogErrors.UnknownCatalog)
        {
            return ToolError.Create(unknown.Code, CatalogName, $"There is no such catalog for this. You may choose {await ChoicesAsync(call, cancellationToken)}.");
        }
    }

    protected abstract ValueTask<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken);

    /// <summary>The catalog a call is about: named, or the only one the caller has the right in. Whether it has the right in a named one is judged by the jobs.</summary>
    protected async ValueTask<string> ReadCatalogAsync(ToolCall call, CancellationToken cancellationToken)
    {
        if (call.Arguments.Has(CatalogName))
        {
            return call.Arguments.RequiredText(CatalogName, CatalogLimits.CatalogNameCharacters);
        }

        return await jobs.CatalogsForAsync(call.Caller.Scope, action, cancellationToken) switch
        {
            [var only] => only,
            [] => throw new CatalogRequestException(CatalogErrors.UnknownCatalog, CatalogName, "none"),
            _ => throw new ToolArgumentException(ToolArgumentException.Missing, CatalogName, $"'{CatalogName}' is needed: you may choose {await ChoicesAsync(call, cancellationToken)}."),
        };
    }

    /// <summary>One answer for a job that never was, is forgotten, or is of a catalog the caller has no right in.</summary>
    protected static ToolAnswer UnknownJob() => ToolError.Create(
        "unknown_job", JobId, "There is no such job. The oldest are forgotten; get_reindex with a catalog lists the latest.");

    private async ValueTask<string> ChoicesAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var catalogs = await jobs.CatalogsForAsync(call.Caller.Scope, action, cancellationToken);
        return string.Join(", ", catalogs.Take(MostNames)) + (catalogs.Length > MostNames ? " and more" : "");
    }
}
