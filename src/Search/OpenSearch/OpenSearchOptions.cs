using AiPlatform.Search.Ranking;

namespace AiPlatform.Search.OpenSearch;

/// <summary>The OpenSearch cluster that holds the catalogs. Configuration section <c>OpenSearch</c>. All errors are reported together at start.</summary>
public sealed class OpenSearchOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "OpenSearch";

    /// <summary>Addresses of the nodes, 1 to 16, such as <c>https://search-1:9200</c>. Requests go round; a node that fails is left alone for a while. Required.</summary>
    public IList<string> Nodes { get; init; } = [];

    /// <summary>What the names of all indexes and aliases begin with: 1 to 32 of <c>a-z 0-9 _</c>, starting with a letter or digit. One installation, one prefix. Default <c>aip</c>.</summary>
    public string IndexPrefix { get; set; } = "aip";

    /// <summary>How requests are authenticated. Default <see cref="OpenSearchAuthentication.None"/>.</summary>
    public OpenSearchAuthentication Authentication { get; set; }

    /// <summary>For <c>basic</c>: the user. Required there.</summary>
    public string UserName { get; set; } = "";

    /// <summary>For <c>basic</c>: the password; this or <see cref="PasswordFile"/>. Never logged.</summary>
    public string Password { get; set; } = "";

    /// <summary>For <c>basic</c>: a file with the password, read at start and again when the cluster refuses it. Blanks at its end are ignored.</summary>
    public string PasswordFile { get; set; } = "";

    /// <summary>For <c>aws</c>: the region, such as <c>eu-central-1</c>. Required there.</summary>
    public string Region { get; set; } = "";

    /// <summary>For <c>aws</c>: the service signed for, <c>es</c> (a managed domain) or <c>aoss</c> (serverless). Default <c>es</c>.</summary>
    public string Service { get; set; } = "es";

    /// <summary>PEM file with the authorities to trust for https; then no other is. Empty (default): those of the system.</summary>
    public string CaFile { get; set; } = "";

    /// <summary>Milliseconds to connect to a node. Default 2,000.</summary>
    public int ConnectTimeoutMilliseconds { get; set; } = 2_000;

    /// <summary>Seconds one request of a search may take; it is not sent again after that. Default 10.</summary>
    public int RequestTimeoutSeconds { get; set; } = 10;

    /// <summary>Seconds one request of a build may take: a bulk, a clone, a refresh. Default 120.</summary>
    public int WriteTimeoutSeconds { get; set; } = 120;

    /// <summary>Seconds a run waits, at its start and later, for a cluster that is away, restarts, is overloaded or has a full disk before it gives up. Default 300.</summary>
    public int OutageSeconds { get; set; } = 300;

    /// <summary>Connections to one node at most. Default 32.</summary>
    public int MaxConnections { get; set; } = 32;

    /// <summary>How often a request that may be repeated is sent again. Default 3.</summary>
    public int MaxRetries { get; set; } = 3;

    /// <summary>Failures of every node in a row after which requests fail at once, without being sent. Default 3.</summary>
    public int BreakerFailures { get; set; } = 3;

    /// <summary>Milliseconds requests fail at once before one is let through to try. Default 2,000.</summary>
    public int BreakerMilliseconds { get; set; } = 2_000;

    /// <summary>Bytes of one answer at most. Default 64 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 64 << 20;

    /// <summary>What holds the vectors. Default <see cref="OpenSearchVectorEngine.Lucene"/>.</summary>
    public OpenSearchVectorEngine VectorEngine { get; set; }

    /// <summary>Shards of a catalog's index. Default 1, which is right below some ten million products.</summary>
    public int Shards { get; set; } = 1;

    /// <summary>Copies of every shard beside the first; made before a generation goes live. Default 0: set 1 where there are two nodes.</summary>
    public int Replicas { get; set; }

    /// <summary>Bytes of one bulk request at most; it shrinks by itself when the cluster is overloaded. Default 4 MiB.</summary>
    public int BulkBytes { get; set; } = 4 << 20;

    /// <summary>Products of one bulk request at most. Default 1,000.</summary>
    public int BulkProducts { get; set; } = 1_000;

    /// <summary>Bulk requests under way at once; one alone while the cluster is overloaded. Default 2.</summary>
    public int BulkConcurrency { get; set; } = 2;

    /// <summary>Seconds after which a build that gave no sign of life may be taken over. Clocks of the workers may differ by a fifth of it. Default 30.</summary>
    public int LeaseSeconds { get; set; } = 30;

    /// <summary>How often, in milliseconds, a read looks whether another generation went live. Default 500.</summary>
    public int ReloadCheckMilliseconds { get; set; } = 500;

    /// <summary>Weights of the ranking, the same as of the embedded engine.</summary>
    public RankingOptions Ranking { get; init; } = new();

    /// <summary>Never a password.</summary>
    public override string ToString() => $"{string.Join(' ', Nodes)} ({IndexPrefix}-*)";
}
