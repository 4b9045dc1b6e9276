using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Tells of a job, or of a catalog's latest jobs, and which generations there are.</summary>
internal sealed class GetReindexTool(ReindexJobs jobs) : ReindexToolBase(jobs, ReindexPermission.Read)
{
    private const int LatestJobs = 10;

    /// <summary>Bytes kept for saying what was left out.</summary>
    private const int NoteBytes = 300;

    private const string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          {{{{JobIdSchema}}}},
          {{{{CatalogSchema}}}},
          {{{{AnswerBudget.Schema}}}} }}
        """;

    private const string Properties = $$$$"""
        "catalog": {"type": "string"},
        "jobs": {"type": "array", "items": {{{{ReindexView.Schema}}}}, "description": "The job asked for, or the latest 10 of the catalog, newest first." },
        "generations": {"type": "array", "items": {{{{GenerationView.Schema}}}}, "description": "Those kept, newest first. rollback_index makes the second live again." },
        "jobs_omitted": {"type": "integer", "description": "Jobs left out for want of room: ask for one by its id, or raise max_tokens."},
        "generations_omitted": {"type": "integer", "description": "Generations left out for want of room."},
        "generations_unavailable": {"type": "boolean", "description": "The search engine is away, and which generations there are cannot be told now; the jobs can."}
        """;

    public override Tool Definition { get; } = ToolDefinition.Create(
        "get_reindex",
        "Get reindex jobs",
        "Tells how a reindex job goes: state, stage, progress, rate, counts, and why rows were rejected. Name a job, or a catalog for its latest jobs. Also lists the generations of the catalog's index.",
        "M12 3a9 9 0 1 0 .1 0M12 7v5l4 2",
        InputSchema,
        ToolSchema.Answer(["catalog", "jobs", "generations"], Properties),
        new ToolAnnotations { ReadOnlyHint = true, DestructiveHint = false, IdempotentHint = true });

    protected override async ValueTask<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var (scope, arguments) = (call.Caller.Scope, call.Arguments);
        var budget = AnswerBudget.Read(arguments);
        if (!arguments.Has(JobId))
        {
            var catalog = await ReadCatalogAsync(call, cancellationToken);
            return Answer(budget, catalog, await Jobs.LatestAsync(scope, catalog, LatestJobs, cancellationToken), await Jobs.FindGenerationsAsync(scope, catalog, cancellationToken));
        }

        if (arguments.Has(CatalogName))
        {
            throw arguments.Fault(CatalogName, $"cannot be given together with '{JobId}'; name one of them");
        }

        return await Jobs.FindAsync(scope, arguments.RequiredText(JobId, 64), cancellationToken) is { } job
            ? Answer(budget, job.Catalog, [job], await Jobs.FindGenerationsAsync(scope, job.Catalog, cancellationToken))
            : UnknownJob();
    }

    /// <summary>The answer, within its budget: each job gets its share of the room, and its rarest rejections go first.</summary>
    internal static ToolAnswer Answer(int tokens, string catalog, ImmutableArray<ReindexJobInfo> found, IReadOnlyList<GenerationInfo>? known)
    {
        var generations = known ?? [];
        using var answer = new AnswerWriter(tokens, takesLinks: false);
        answer.Json.WriteString("catalog", catalog);
        var keep = NoteBytes + Math.Min(answer.Left / 2, generations.Sum(g => answer.Measure((g, true), DrawGeneration)));
        answer.Json.WriteStartArray("jobs");
        var jobsOmitted = 0;
        for (var i = 0; i < found.Length; i++)
        {
            var free = answer.Left - keep;
            // A job that does not fit into its share without its rejections takes what there is: the newest come first.
            var fits = TryAdd(answer, found[i], keep + free - (free / (found.Length - i))) || answer.TryAdd((found[i], 0), keep, DrawJob);
            jobsOmitted += fits ? 0 : 1;
        }

        answer.Json.WriteEndArray();
        answer.Text.Append(found.IsEmpty ? "No job of this catalog is remembered.\n" : "");
        WriteOmitted(answer, "jobs", jobsOmitted);
        answer.Json.WriteStartArray("generations");
        var live = generations.Count > 0 ? generations[0] : null;
        var generationsOmitted = generations.Count(g => !answer.TryAdd((g, ReferenceEquals(g, live)), NoteBytes / 2, DrawGeneration));
        answer.Json.WriteEndArray();
        WriteOmitted(answer, "generations", generationsOmitted);
        if (known is null)
        {
            answer.Json.WriteBoolean("generations_unavailable", true);
            answer.Text.Append("The search engine is away: which generations there are cannot be told now.\n");
        }

        return answer.ToAnswer();
    }

    private static bool TryAdd(AnswerWriter answer, ReindexJobInfo job, long keep)
    {
        for (var kinds = job.Rejections.Length; ; kinds /= 2)
        {
            if (answer.TryAdd((job, kinds), keep, DrawJob))
            {
                return true;
            }

            if (kinds == 0)
            {
                return false;
            }
        }
    }

    private static void WriteOmitted(AnswerWriter answer, string member, int omitted)
    {
        answer.Optional(member + "_omitted", omitted);
        if (omitted > 0)
        {
            answer.Text.Append(CultureInfo.InvariantCulture, $"{omitted} {member} did not fit.\n");
        }
    }

    private static void DrawJob(Utf8JsonWriter json, StringBuilder text, (ReindexJobInfo Job, int Kinds) item) =>
        ReindexView.Write(json, text, item.Job with { Rejections = item.Job.Rejections[..item.Kinds] }, item.Job.Rejections.Length - item.Kinds);

    private static void DrawGeneration(Utf8JsonWriter json, StringBuilder text, (GenerationInfo Generation, bool Live) item) =>
        GenerationView.Write(json, text, item.Generation, item.Live);
}
