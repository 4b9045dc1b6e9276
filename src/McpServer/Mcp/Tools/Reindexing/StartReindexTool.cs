using System.Text;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.McpServer.Mcp.Confirmation;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Tools.Reindexing;

/// <summary>Starts a reindex, and stays with it when the caller wants to.</summary>
internal sealed class StartReindexTool(ReindexJobs jobs, Confirmations confirmations, ReindexTasks tasks) : ReindexToolBase(jobs, ReindexPermission.Start)
{
    private const int MaxKeyLength = 128;
    private static readonly TimeSpan BlindInterval = TimeSpan.FromSeconds(5);

    private static readonly string InputSchema = $$$$"""
        {"type": "object", "additionalProperties": false, "properties": {
          {{{{CatalogSchema}}}},
          {{{{ReindexArguments.Schema}}}},
          "dry_run": {"type": "boolean", "default": false, "description": "Read, check and compare, but write nothing."},
          "force": {"type": "boolean", "default": false, "description": "Train and embed everything anew, changed or not."},
          "wait": {"type": "boolean", "description": "Answer only when the job has ended. Default: true when the request asks for progress, else false. Given, it also keeps a client with the tasks extension from getting a task."},
          {{{{Confirmations.Schema}}}},
          "idempotency_key": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 128, "description": "A text of your own: a repetition with the same key answers the same job instead of starting another, unless that one was cancelled with the call that started it."}}}
        """;

    private const string Properties = $$$$"""
        "job": {{{{ReindexView.Schema}}}},
        "started": {"type": "boolean", "description": "Whether this call started the job."},
        "already_running": {"type": "boolean", "description": "An earlier call with the same options started it, and it had not ended."}
        """;

    public override Tool Definition { get; } = ToolDefinition.Create(
        "start_reindex",
        "Start a reindex",
        "Brings a catalog up to date from the source that the server's configuration names: reads, checks, embeds what changed, and swaps the new generation in; searches go on meanwhile. "
        + "Answers a job at once; ask get_reindex how it goes. With wait, or with a progress token, it stays until the job ends and reports progress; cancelling such a call cancels the job it started. "
        + "One job a catalog runs at a time, and others wait in order; an order that an earlier job of the same options will do is answered with that job and already_running. Try dry_run first to see what would change. "
        + "A client with the tasks extension gets the job as a task. With force or overrides, and before any full reindex where the client can ask, the person who uses it is asked before a live generation is replaced. "
        + "A source that holds what is live already makes no new generation (unchanged), except with force.",
        "M20 12a8 8 0 1 1-3-6M20 3v5h-5M10 9l5 3-5 3z",
        InputSchema,
        ToolSchema.Answer(["job", "started", "already_running"], Properties),
        new ToolAnnotations { ReadOnlyHint = false, DestructiveHint = false, IdempotentHint = false });

    public override bool IsLong => true;

    protected override async ValueTask<ToolAnswer> RunAsync(ToolCall call, CancellationToken cancellationToken)
    {
        var arguments = call.Arguments;
        var dryRun = arguments.Flag("dry_run", otherwise: false);
        var force = arguments.Flag("force", otherwise: false);
        var wait = arguments.Flag("wait", otherwise: call.Feedback.WantsProgress);
        var key = arguments.Has("idempotency_key") ? arguments.RequiredText("idempotency_key", MaxKeyLength) : null;
        var scope = call.Caller.Scope;
        var (mode, overrides) = (ReindexArguments.ReadMode(arguments), ReindexArguments.ReadOverrides(arguments));
        var order = new ReindexOrder(await ReadCatalogAsync(call, cancellationToken), dryRun, force, key) { Mode = mode, Overrides = overrides };
        var confirmed = await ConfirmAsync(call, order, cancellationToken);
        if (confirmed.Refusal is { } refusal)
        {
            return refusal;
        }

        // Whoever repeats the answer to a question gets the job it led to, on every node.
        var start = await Jobs.StartAsync(scope, order with { IdempotencyKey = key ?? confirmed.Id }, cancellationToken);
        if (start.Started && call.TakesTasks && !arguments.Has("wait"))
        {
            var job = start.Job.Look();
            return Answer(job, started: true, alreadyRunning: false, maySee: true) with { Task = tasks.Of(job) };
        }

        if (wait)
        {
            await FollowAsync(call, start, cancellationToken);
        }

        var last = start.Job.Look();
        return Answer(last, start.Started, start.AlreadyRunning, Jobs.MaySee(scope, last));
    }

    /// <summary>What is forced or opens a gate has to be confirmed by everybody; any other full reindex, only where somebody can be asked.</summary>
    private async ValueTask<Confirmed> ConfirmAsync(ToolCall call, ReindexOrder order, CancellationToken cancellationToken) =>
        (ReindexQuestions.MustAsk(order) || (call.Client.CanAsk && order is { DryRun: false, Mode: ReindexMode.Full }))
        && ReindexQuestions.Start(order, await Jobs.AtStakeAsync(call.Caller.Scope, ReindexPermission.Start, order.Catalog, cancellationToken)) is { } question
            ? confirmations.Judge(call, question)
            : default;

    private async Task FollowAsync(ToolCall call, ReindexStart start, CancellationToken cancellationToken)
    {
        try
        {
            if (!Jobs.MaySee(call.Caller.Scope, start.Job.Look()))
            {
                await WaitBlindAsync(call, start.Job, cancellationToken);
                return;
            }

            await new ReindexFollower(start.Job, call.Feedback).FollowAsync(cancellationToken);
        }
        catch
        {
            // Cancelled, or the client is gone: nobody waits for what this call started.
            await Jobs.WithdrawAsync(call.Caller.Scope, start);
            throw;
        }
    }

    /// <summary>How far another's job is, is for those who may read jobs: the client is told only that it is waited for, and how many seconds, so that it does not give up.</summary>
    private static async Task WaitBlindAsync(ToolCall call, ReindexRun job, CancellationToken cancellationToken)
    {
        for (var waited = TimeSpan.Zero; !job.Look().HasEnded && !job.IsGivenUp; waited += BlindInterval)
        {
            await call.Feedback.ProgressAsync(waited.TotalSeconds, null, "waiting for the job of the same options", cancellationToken);
            await job.WaitAsync(BlindInterval, cancellationToken);
        }
    }

    /// <summary>The answer about a job; in brief where the caller may not see all of it.</summary>
    internal static ToolAnswer Answer(ReindexJobInfo job, bool started, bool alreadyRunning, bool maySee)
    {
        var text = new StringBuilder(512);
        var json = ToolJson.Write((job, started, alreadyRunning, maySee, text), static (json, a) =>
        {
            json.WriteStartObject();
            json.WritePropertyName("job");
            if (a.maySee)
            {
                ReindexView.Write(json, a.text, a.job);
            }
            else
            {
                ReindexView.WriteBrief(json, a.text, a.job);
            }

            json.WriteBoolean("started", a.started);
            json.WriteBoolean("already_running", a.alreadyRunning);
            json.WriteEndObject();
        });
        if (alreadyRunning)
        {
            text.Append("This job of the same options was there already; the call started no other.\n");
        }

        return new ToolAnswer(json, text.ToString(), IsError: false);
    }
}
