using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.Transport;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>The index of a generation in the making, and of one that is finished.</summary>
/// <param name="context">The cluster.</param>
/// <param name="catalog">The catalog.</param>
/// <param name="name">Name of the index.</param>
internal sealed class BuildingIndex(WriteContext context, string catalog, string name)
{
    private const int HealthSeconds = 30;
    private static readonly byte[] WriteBlock = """{"index":{"blocks":{"write":true}}}"""u8.ToArray();

    /// <summary>Its name.</summary>
    public string Name => name;

    /// <summary>Makes an empty index.</summary>
    public async ValueTask CreateAsync(IndexDefinition definition, string runAlias, CancellationToken cancellationToken)
    {
        await UnlessThereAsync(new OpenSearchRequest(HttpMethod.Put, $"/{name}") { Body = definition.Creation(runAlias) }, cancellationToken).ConfigureAwait(false);
        await StartedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Makes a copy of a finished generation. The files are shared, so it costs no more than a moment, whatever the size.</summary>
    public async ValueTask CloneAsync(string source, string runAlias, CancellationToken cancellationToken)
    {
        await context.SendAsync("preparing the live index", Settings(source, WriteBlock), cancellationToken).ConfigureAwait(false);
        var body = new JsonObject
        {
            ["settings"] = new JsonObject { ["index.blocks.write"] = null, ["index.refresh_interval"] = "-1", ["index.number_of_replicas"] = 0 },
            ["aliases"] = new JsonObject { [runAlias] = new JsonObject() },
        };
        await UnlessThereAsync(new OpenSearchRequest(HttpMethod.Post, $"/{source}/_clone/{name}") { Body = JsonSerializer.SerializeToUtf8Bytes(body) }, cancellationToken).ConfigureAwait(false);
        await StartedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Goes on with the index of an abandoned run; false when it is gone.</summary>
    public async ValueTask<bool> AdoptAsync(string runAlias, CancellationToken cancellationToken)
    {
        try
        {
            await context.SendAsync("taking over the building index", AliasActions([Action("add", name, runAlias)]), cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (OpenSearchException e) when (e.Status == 404)
        {
            return false;
        }
    }

    /// <summary>Makes everything written so far findable.</summary>
    public ValueTask RefreshAsync(CancellationToken cancellationToken) =>
        context.SendAsync("refreshing the building index", new OpenSearchRequest(HttpMethod.Post, $"/{name}/_refresh") { Repeat = Repeat.AfterOverload }, cancellationToken);

    /// <summary>Products in it, and those with a vector.</summary>
    public async ValueTask<(int Products, int WithVector)> CountAsync(CancellationToken cancellationToken)
    {
        var query = Encoding.UTF8.GetBytes(new JsonObject { ["query"] = new JsonObject { ["term"] = new JsonObject { [IndexFields.HasVector] = true } } }.ToJsonString());
        return (await CountAsync(default, cancellationToken).ConfigureAwait(false), await CountAsync(query, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Bytes of its first copies on disk.</summary>
    public ValueTask<long> BytesAsync(CancellationToken cancellationToken) => context.SendAsync(
        "measuring the index",
        OpenSearchRequest.Get($"/{name}/_stats/store"),
        r => r.Root.GetProperty("_all").GetProperty("primaries").GetProperty("store").GetProperty("size_in_bytes").GetInt64(),
        cancellationToken);

    /// <summary>Digest of its mapping as the cluster tells it.</summary>
    public ValueTask<string> MappingAsync(CancellationToken cancellationToken) => context.SendAsync(
        "reading the mapping",
        OpenSearchRequest.Get($"/{name}/_mapping"),
        r => IndexDefinition.DigestOf(Encoding.UTF8.GetBytes(Sorted(JsonNode.Parse(r.Root.GetProperty(name).GetProperty("mappings").GetRawText()))?.ToJsonString() ?? "")),
        cancellationToken);

    /// <summary>Takes the room of deleted products back; a generation begun as a clone would carry them along for ever.</summary>
    public async ValueTask ExpungeAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var _ = await context.Connection.SendAsync(
                new OpenSearchRequest(HttpMethod.Post, $"/{name}/_forcemerge?only_expunge_deletes=true") { Timeout = context.Timeout }, cancellationToken).ConfigureAwait(false);
        }
        catch (OpenSearchException e) when (e.IsTransient)
        {
            // The cluster goes on with it by itself; the answers are the same before and after.
            Log.NotCleaned(context.Logger, catalog, e.Message);
        }
    }

    /// <summary>Ends the settings of the build: copies are made and waited for, and nothing is written any more.</summary>
    public async ValueTask SealAsync(CancellationToken cancellationToken)
    {
        var settings = new JsonObject { ["index"] = new JsonObject { ["refresh_interval"] = null, ["number_of_replicas"] = context.Options.Replicas, ["blocks"] = new JsonObject { ["write"] = true } } };
        await context.SendAsync("ending the settings of the build", Settings(name, JsonSerializer.SerializeToUtf8Bytes(settings)), cancellationToken).ConfigureAwait(false);
        try
        {
            await HealthAsync("green", cancellationToken).ConfigureAwait(false);
        }
        catch (OpenSearchException e) when (e.IsTransient)
        {
            // Searches are answered by the first copy; the others come when they can.
            Log.NotGreen(context.Logger, catalog, name, e.Message);
            await StartedAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Deletes it, if it is there.</summary>
    public ValueTask DeleteAsync(CancellationToken cancellationToken) => context.SendAsync(
        "removing an index",
        new OpenSearchRequest(HttpMethod.Delete, $"/{name}?ignore_unavailable=true") { Repeat = Repeat.AfterOverload, MissingIsAnswer = true },
        cancellationToken);

    /// <summary>Deletes what an unfinished build wrote, if that takes no more than a moment and the right to is still there.</summary>
    public async ValueTask ThrowAwayAsync(BuildLease lease)
    {
        try
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(HealthSeconds / 3), context.Time);
            lease.Demand();
            await DeleteAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception e) when (e is OpenSearchException or OperationCanceledException or CatalogBusyException)
        {
            // The next build removes it with its first write.
            Log.NotCleaned(context.Logger, catalog, e.Message);
        }
    }

    /// <summary>One action of <see cref="AliasActions"/>.</summary>
    public static JsonObject Action(string verb, string index, string alias)
    {
        var action = new JsonObject { ["index"] = index, ["alias"] = alias };
        if (verb == "remove")
        {
            // Whoever comes second finds it gone, and is told instead of undoing what the first did.
            action["must_exist"] = true;
        }

        return new JsonObject { [verb] = action };
    }

    /// <summary>Changes of aliases, all of them or none.</summary>
    public static OpenSearchRequest AliasActions(IEnumerable<JsonObject> actions) =>
        new(HttpMethod.Post, "/_aliases") { Body = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["actions"] = new JsonArray([.. actions]) }) };

    private static OpenSearchRequest Settings(string index, byte[] settings) =>
        new(HttpMethod.Put, $"/{index}/_settings") { Body = settings, Repeat = Repeat.AfterOverload };

    private ValueTask<int> CountAsync(ReadOnlyMemory<byte> query, CancellationToken cancellationToken) =>
        context.SendAsync("counting products", OpenSearchRequest.Read($"/{name}/_count", query), r => r.Root.GetProperty("count").GetInt32(), cancellationToken);

    /// <summary>Makes an index whose name only this run uses: if it is there already, an earlier try made it.</summary>
    private async ValueTask UnlessThereAsync(OpenSearchRequest request, CancellationToken cancellationToken)
    {
        try
        {
            await context.SendAsync("making the building index", request, cancellationToken).ConfigureAwait(false);
        }
        catch (OpenSearchException e) when (e.Type == "resource_already_exists_exception")
        {
            return;
        }
    }

    private ValueTask StartedAsync(CancellationToken cancellationToken) => context.Outage.RideOutAsync("starting the building index", token => HealthAsync("yellow", token), cancellationToken);

    private async ValueTask HealthAsync(string status, CancellationToken cancellationToken)
    {
        var request = OpenSearchRequest.Get(string.Create(CultureInfo.InvariantCulture, $"/_cluster/health/{name}?wait_for_status={status}&timeout={HealthSeconds}s")) with { Timeout = TimeSpan.FromSeconds(HealthSeconds + 10) };
        using var answer = await context.Connection.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>With the names in order: nodes tell the same mapping in different orders.</summary>
    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(p => p.Key, StringComparer.Ordinal).Select(p => KeyValuePair.Create(p.Key, Sorted(p.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
