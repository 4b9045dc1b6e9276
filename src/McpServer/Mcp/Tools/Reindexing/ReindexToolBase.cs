using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>A tool over the reindex jobs: offered to callers that have its right in at least one configured catalog. The jobs themselves judge every call.</summary>
/// <param name="jobs">The jobs.</param>
/// <param name="action">The right, an action of <see cref="ReindexPermission"/>.</param>
internal abstract class ReindexToolBase(ReindexJobs jobs, string action) : IMcpTool
{
    private const string Icon = "M4 12a8 8 0 0 1 14-5l2 2M20 4v5h-5M20 12a8 8 0 0 1-14 5l-2-2M4 20v-5h5";

    protected const string CatalogName = CatalogArgument.Name;
    protected const string JobId = "job_id";

    protected const string CatalogSchema = """
        "catalog": {"type": "string", "minLength": 1, "maxLength": 64, "description": "Name of the catalog. May be left out when there is only one you have this right in."}
        """;

    protected const string JobIdSchema = """
        "job_id": {"type": "string", "minLength": 1, "maxLength": 64, "description": "Id of a job, exactly as start_reindex or get_reindex gave it."}
        """;

    public abstract Tool Definition { get; }

    public virtual bool IsLong => false;

    protected ReindexJobs Jobs => jobs;

    public bool IsOffered(AccessScope scope, DateTimeOffset now) => !jobs.CatalogsFor(scope, action).IsEmpty;

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
    }

    protected abstract ValueTask<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken);

    /// <summary>The catalog a call is about: named, or the only one the caller has the right in. Whether it has the right in a named one is judged by the jobs.</summary>
    protected string ReadCatalog(ToolCall call)
    {
        if (call.Arguments.Has(CatalogName))
        {
            return call.Arguments.RequiredText(CatalogName, 64);
        }

        return jobs.CatalogsFor(call.Caller.Scope, action) switch
        {
            [var only] => only,
            [] => throw new CatalogRequestException(CatalogErrors.UnknownCatalog, CatalogName, "none"),
            var several => throw new ToolArgumentException(
                ToolArgumentException.Missing, CatalogName, $"'{CatalogName}' is needed: you may choose {string.Join(", ", several)}."),
        };
    }

    /// <summary>One answer for a job that never was, is forgotten, or is of a catalog the caller has no right in.</summary>
    protected static ToolAnswer UnknownJob() => ToolError.Create(
        "unknown_job", JobId, "There is no such job. Jobs are forgotten when the server restarts; get_reindex with a catalog lists the latest.");

    protected static Tool Define(string name, string title, string description, string inputSchema, string outputSchema, ToolAnnotations hints)
    {
        hints.Title = title;
        hints.OpenWorldHint = false;
        return new Tool
        {
            Name = name,
            Title = title,
            Description = description,
            InputSchema = ToolJson.Schema(inputSchema),
            OutputSchema = ToolSchema.Answer(outputSchema),
            Icons = McpIcon.Of(Icon),
            Annotations = hints,
        };
    }
}
