namespace AiPlatform.Search.OpenSearch;

/// <summary>The codes of <see cref="OpenSearchException"/>. Stable: operators and clients branch on them.</summary>
public static class OpenSearchErrors
{
    /// <summary>No node answers, or the cluster says that it cannot at present. Trying later may help.</summary>
    public const string Unavailable = "opensearch_unavailable";

    /// <summary>TLS with a node fails: its certificate is not trusted or has another name, or it does not speak https. Waiting does not help.</summary>
    public const string Untrusted = "opensearch_untrusted";

    /// <summary>The request was sent and not answered in time.</summary>
    public const string Timeout = "opensearch_timeout";

    /// <summary>The cluster has too much to do (429).</summary>
    public const string Overloaded = "opensearch_overloaded";

    /// <summary>The cluster does not know the user or the signature (401).</summary>
    public const string Unauthorized = "opensearch_unauthorized";

    /// <summary>The user lacks a right (403).</summary>
    public const string Forbidden = "opensearch_forbidden";

    /// <summary>The index is blocked against writing: a full disk, or an operator.</summary>
    public const string Blocked = "opensearch_blocked";

    /// <summary>What answers is no OpenSearch of a version that this platform works with, or lacks a plugin.</summary>
    public const string Unsupported = "opensearch_unsupported";

    /// <summary>The answer is not what OpenSearch answers, or too large.</summary>
    public const string InvalidAnswer = "opensearch_invalid_answer";

    /// <summary>The cluster refuses the request (any other 4xx).</summary>
    public const string Rejected = "opensearch_rejected";

    /// <summary>The cluster failed at the request (any other 5xx).</summary>
    public const string Failed = "opensearch_failed";
}
