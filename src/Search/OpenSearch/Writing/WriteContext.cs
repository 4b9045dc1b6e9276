using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>What every part of writing needs.</summary>
/// <param name="Connection">The cluster.</param>
/// <param name="Probe">What the cluster is.</param>
/// <param name="States">What is known of every catalog.</param>
/// <param name="Meta">The index of the state.</param>
/// <param name="Names">How indexes are called.</param>
/// <param name="Template">Settings and mapping.</param>
/// <param name="Outage">Waits for a cluster that is away.</param>
/// <param name="Time">Clock.</param>
/// <param name="Logger">Log.</param>
internal sealed record WriteContext(
    OpenSearchConnection Connection,
    ServerProbe Probe,
    CatalogStates States,
    MetaIndex Meta,
    IndexNames Names,
    IndexTemplate Template,
    Outage Outage,
    TimeProvider Time,
    ILogger Logger)
{
    /// <summary>The settings.</summary>
    public OpenSearchOptions Options => Connection.Options;

    /// <summary>How long one request of a build may take.</summary>
    public TimeSpan Timeout => TimeSpan.FromSeconds(Options.WriteTimeoutSeconds);

    /// <summary>Sends a request, waits for a cluster that is away, and reads the answer. The request must bear being done twice.</summary>
    /// <param name="what">What it is for, for the log.</param>
    /// <param name="request">The request.</param>
    /// <param name="read">Reads the answer.</param>
    /// <param name="cancellationToken">Cancels.</param>
    public ValueTask<T> SendAsync<T>(string what, OpenSearchRequest request, Func<OpenSearchResponse, T> read, CancellationToken cancellationToken) =>
        Outage.RideOutAsync(what, async token =>
        {
            using var response = await Connection.SendAsync(request with { Timeout = Timeout }, token).ConfigureAwait(false);
            return read(response);
        }, cancellationToken);

    /// <summary>Sends a request whose answer says nothing.</summary>
    public async ValueTask SendAsync(string what, OpenSearchRequest request, CancellationToken cancellationToken) =>
        await SendAsync(what, request, static _ => true, cancellationToken).ConfigureAwait(false);
}
