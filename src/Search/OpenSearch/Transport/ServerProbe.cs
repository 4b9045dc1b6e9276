using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>Finds out what answers, once, and again after the cluster was away: it may have been upgraded meanwhile. Thread-safe.</summary>
internal sealed class ServerProbe(OpenSearchConnection connection, ILogger<ServerProbe> logger)
{
    private static readonly Version Oldest = new(2, 19);
    private const int NewestMajor = 3;
    private volatile Known? _known;

    /// <summary>What the cluster is.</summary>
    /// <exception cref="OpenSearchException">It cannot be reached, or it is nothing that this platform works with (<see cref="OpenSearchErrors.Unsupported"/>).</exception>
    public async ValueTask<ServerInfo> GetAsync(CancellationToken cancellationToken)
    {
        var connected = connection.Reconnections;
        if (_known is { } known && known.Connected == connected)
        {
            return known.Info;
        }

        // Asked twice at the same time, both find the same.
        var info = connection.Options is { Authentication: OpenSearchAuthentication.Aws, Service: "aoss" }
            ? new ServerInfo(new Version(0, 0), HasVectors: true, "")
            : await DetectAsync(cancellationToken).ConfigureAwait(false);
        if (_known?.Info != info)
        {
            Log.ServerFound(logger, info.Version, info.HasVectors);
        }

        _known = new Known(info, connected);
        return info;
    }

    private async ValueTask<ServerInfo> DetectAsync(CancellationToken cancellationToken)
    {
        using var root = await connection.SendAsync(OpenSearchRequest.Get("/"), cancellationToken).ConfigureAwait(false);
        var (distribution, number, uuid) = Identity(root.Root);
        if (distribution != "opensearch" || !Version.TryParse(number.Split('-')[0], out var version) || version < Oldest || version.Major > NewestMajor)
        {
            var what = number.Length == 0 ? "something else" : $"{(distribution.Length == 0 ? "Elasticsearch" : distribution)} {number}";
            throw new OpenSearchException(OpenSearchErrors.Unsupported, $"What answers at OpenSearch:Nodes is {what}. OpenSearch {Oldest} to {NewestMajor}.x is needed.");
        }

        using var plugins = await connection.SendAsync(OpenSearchRequest.Get("/_cat/plugins?format=json&h=component"), cancellationToken).ConfigureAwait(false);
        var vectors = plugins.Root.ValueKind == JsonValueKind.Array
            && plugins.Root.EnumerateArray().Any(p => p.TryGetProperty("component", out var c) && c.ValueEquals("opensearch-knn"));
        return new ServerInfo(version, vectors, uuid);
    }

    private static (string Distribution, string Number, string Uuid) Identity(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("version", out var version) || version.ValueKind != JsonValueKind.Object)
        {
            return ("", "", "");
        }

        return (Text(version, "distribution"), Text(version, "number"), Text(root, "cluster_uuid"));
    }

    private static string Text(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    private sealed record Known(ServerInfo Info, int Connected);
}
