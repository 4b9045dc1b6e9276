using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch;

/// <summary>A request that OpenSearch did not carry out. The message is for operators: it names index and reason, never a secret.</summary>
/// <param name="code">One of <see cref="OpenSearchErrors"/>.</param>
/// <param name="message">What is wrong and what to do.</param>
/// <param name="inner">What lies behind it.</param>
public sealed class OpenSearchException(string code, string message, Exception? inner = null) : CatalogEngineException(code, message, inner)
{
    /// <summary>HTTP status of the answer; 0 when there was none.</summary>
    public int Status { get; init; }

    /// <summary>The cluster's own type of error, such as <c>index_not_found_exception</c>; empty when it gave none.</summary>
    public string Type { get; init; } = "";

    /// <summary>The cluster's own words; empty when it gave none.</summary>
    public string Reason { get; init; } = "";

    /// <summary>The index the error is about; empty when none is named.</summary>
    public string Index { get; init; } = "";

    /// <summary>Whether the same request may well succeed later: the cluster was away, restarting, overloaded or late.</summary>
    public override bool IsTransient => Code is OpenSearchErrors.Unavailable or OpenSearchErrors.Timeout or OpenSearchErrors.Overloaded;

    /// <summary>Whether it is certain that the cluster never saw the request.</summary>
    internal bool NeverSent { get; init; }

    /// <summary>Whether no node was tried, because none answered lately; the inner exception is the last failure.</summary>
    internal bool CircuitOpen { get; init; }
}
