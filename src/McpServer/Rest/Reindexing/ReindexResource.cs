using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Mcp.Tools.Reindexing;

namespace AiPlatform.McpServer.Rest.Reindexing;

/// <summary>Jobs and generations over REST: the rights, rules and words of the tools.</summary>
internal sealed class ReindexResource(ReindexJobs jobs, TimeProvider time)
{
    public const string Path = RestRoutes.Base + "/reindex";

    /// <summary>Seconds a request may wait for a job to end.</summary>
    private const int MaxWaitSeconds = 30;

    /// <summary>Jobs of a catalog that are listed and counted at most: the latest.</summary>
    private const int MaxListed = 1_000;

    private const string Catalog = "catalog";
    private const string Confirm = "confirm";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);
    private static readonly string[] StartMembers = [Catalog, "dryRun", "force", Confirm, ReindexArguments.Mode, ReindexArguments.Overrides];
    private static readonly string[] RollbackMembers = [Confirm, "live"];

    /// <summary>Starts a job: 202 with its place, or 200 with the one that this request or another has started already.</summary>
    public async ValueTask<RestAnswer> StartAsync(RestRequest request)
    {
        var data = request.Data;
        data.AllowOnly(StartMembers);
        var (dryRun, force, confirm) = (data.Flag("dryRun", otherwise: false), data.Flag("force", otherwise: false), data.Flag(Confirm, otherwise: false));
        var named = data.Has(Catalog) ? data.RequiredText(Catalog, CatalogLimits.CatalogNameCharacters) : null;
        var (mode, overrides) = (ReindexArguments.ReadMode(data), ReindexArguments.ReadOverrides(data));
        var order = new ReindexOrder(await CatalogAsync(request, named, ReindexPermission.Start), dryRun, force, request.Key) { Mode = mode, Overrides = overrides };
        if (ReindexQuestions.MustAsk(order) && ReindexQuestions.Start(order, await jobs.AtStakeAsync(request.Scope, ReindexPermission.Start, order.Catalog, request.Aborted)) is { } question)
        {
            Demand(confirm, question.Message);
        }

        var start = await jobs.StartAsync(request.Scope, order, request.Aborted);
        var answer = StartReindexTool.Answer(start.Job.Look(), start.Started, start.AlreadyRunning);
        return new RestAnswer(json => Write(json, answer), start.Started ? StatusCodes.Status202Accepted : StatusCodes.Status200OK)
        {
            Location = $"{Path}/{start.Job.Look().Id}",
        };
    }

    /// <summary>The jobs of a catalog, newest first.</summary>
    public async ValueTask<RestAnswer> ListAsync(RestRequest request)
    {
        var page = RestPage.Read(request.Http.Request);
        var catalog = await CatalogAsync(request, Query(request, Catalog), ReindexPermission.Read);
        var all = await jobs.LatestAsync(request.Scope, catalog, MaxListed, request.Aborted);
        ImmutableArray<ReindexJobInfo> shown = [.. all.Skip((page.Number - 1) * page.Limit).Take(page.Limit)];
        return new RestAnswer(json => WriteAll(json, shown, Write)) { Page = page, Total = all.Length };
    }

    /// <summary>A job; with <c>wait</c>, once it has ended or the seconds are over.</summary>
    public async ValueTask<RestAnswer> GetAsync(RestRequest request)
    {
        var patience = request.Http.Request.Query.ContainsKey("wait") ? TimeSpan.FromSeconds(RestPage.Whole(request.Http.Request, "wait", 1, MaxWaitSeconds)) : TimeSpan.Zero;
        var begun = time.GetTimestamp();
        var id = request.Route("id");
        var job = await FindAsync(request, id);
        while (!job.HasEnded && time.GetElapsedTime(begun) < patience)
        {
            await Task.Delay(Interval, time, request.Aborted);
            job = await FindAsync(request, id);
        }

        return new RestAnswer(json => Write(json, job));
    }

    /// <summary>Asks a job to stop. One that has ended stays as it is.</summary>
    public async ValueTask<RestAnswer> CancelAsync(RestRequest request)
    {
        request.Data.AllowOnly([]);
        var id = request.Route("id");
        var scope = request.Scope;
        var found = (jobs.IsOffered(scope, ReindexPermission.Cancel) && await jobs.CancelAsync(scope, id, request.Aborted) is not null)
            || (jobs.IsOffered(scope, ReindexPermission.Start) && await jobs.CancelOwnAsync(scope, id, request.Aborted));
        if (!found)
        {
            throw UnknownJob();
        }

        return new RestAnswer(json => json.WriteRawValue(ToolJson.Write(id, static (inner, job) =>
        {
            inner.WriteStartObject();
            inner.WriteString("id", job);
            inner.WriteEndObject();
        }).Span), StatusCodes.Status202Accepted) { Location = $"{Path}/{id}" };
    }

    /// <summary>The generations of a catalog, newest first; the first is live.</summary>
    public async ValueTask<RestAnswer> GenerationsAsync(RestRequest request)
    {
        var generations = await jobs.GenerationsAsync(request.Scope, request.Route(Catalog), request.Aborted);
        return new RestAnswer(json => WriteAll(json, [.. generations.Select((g, at) => (g, at == 0))], Write));
    }

    /// <summary>Makes the previous generation live again. <c>live</c> says which generation the caller takes for live, so that a repetition does not go forward again.</summary>
    public async ValueTask<RestAnswer> RollbackAsync(RestRequest request)
    {
        request.Data.AllowOnly(RollbackMembers);
        var confirm = request.Data.Flag(Confirm, otherwise: false);
        var expected = request.Data.Number("live", 1, long.MaxValue);
        var catalog = request.Route(Catalog);
        var stake = await jobs.AtStakeAsync(request.Scope, ReindexPermission.Rollback, catalog, request.Aborted);
        if (expected is { } live && (stake.Generations.Count == 0 || stake.Generations[0].Number != live))
        {
            throw new RestFaultException(new RestFault(StatusCodes.Status409Conflict, "generation_changed", "Another generation is live than the one named. Look at the generations again.", "live"));
        }

        if (ReindexQuestions.Rollback(catalog, stake) is { } question)
        {
            Demand(confirm, question.Message);
        }

        var now = await jobs.RollbackAsync(request.Scope, catalog, request.Aborted);
        return new RestAnswer(json => Write(json, (now, true)));
    }

    /// <summary>A job that the caller may read, or has started itself. Rights the caller has nowhere are not asked for: each no is a line in the audit.</summary>
    private async ValueTask<ReindexJobInfo> FindAsync(RestRequest request, string id)
    {
        var scope = request.Scope;
        var read = jobs.IsOffered(scope, ReindexPermission.Read) ? await jobs.FindAsync(scope, id, request.Aborted) : null;
        return read
            ?? (jobs.IsOffered(scope, ReindexPermission.Start) ? await jobs.FindOwnAsync(scope, id, request.Aborted) : null)
            ?? throw UnknownJob();
    }

    /// <summary>The catalog that is named, or the only one the caller has the right in.</summary>
    private async ValueTask<string> CatalogAsync(RestRequest request, string? named, string action)
    {
        if (named is not null)
        {
            return named;
        }

        return await jobs.CatalogsForAsync(request.Scope, action, request.Aborted) switch
        {
            [var only] => only,
            [] => throw new CatalogRequestException(CatalogErrors.UnknownCatalog, Catalog, "none"),
            var several => throw new ToolArgumentException(ToolArgumentException.Missing, Catalog, $"'{Catalog}' is needed: you may choose {string.Join(", ", several.Take(20))}."),
        };
    }

    private static string? Query(RestRequest request, string name)
    {
        var values = request.Http.Request.Query[name];
        return values.Count == 0 ? null
            : values.Count == 1 && values[0] is { Length: > 0 and <= CatalogLimits.CatalogNameCharacters } value ? value
            : throw new ToolArgumentException(ToolArgumentException.Invalid, name, $"'{name}' must be given once, with 1 to {CatalogLimits.CatalogNameCharacters} characters.");
    }

    private static void Demand(bool confirm, string message)
    {
        if (!confirm)
        {
            throw new RestFaultException(new RestFault(StatusCodes.Status428PreconditionRequired, "confirmation_required", $"{message} Repeat the request with '{Confirm}': true to go on.", Confirm));
        }
    }

    private static RestFaultException UnknownJob() => new(new RestFault(StatusCodes.Status404NotFound, "unknown_job", "There is no such job.", "id"));

    private static void WriteAll<T>(Utf8JsonWriter json, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray();
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, ToolAnswer answer) => CamelCase.Write(json, JsonElement.Parse(answer.Structured.Span));

    private static void Write(Utf8JsonWriter json, ReindexJobInfo job) =>
        CamelCase.Write(json, JsonElement.Parse(ToolJson.Write(job, static (inner, j) => ReindexView.Write(inner, new StringBuilder(), j)).Span));

    private static void Write(Utf8JsonWriter json, (GenerationInfo Generation, bool Live) item) =>
        CamelCase.Write(json, JsonElement.Parse(ToolJson.Write(item, static (inner, i) => GenerationView.Write(inner, new StringBuilder(), i.Generation, i.Live)).Span));
}
