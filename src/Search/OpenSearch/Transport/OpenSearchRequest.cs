namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>One request to the cluster.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">Path and query, escaped, starting with a slash.</param>
internal readonly record struct OpenSearchRequest(HttpMethod Method, string Path)
{
    /// <summary>The body; empty for none. Must not change before the answer is there.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Whether the body is one JSON value a line (<c>_bulk</c>, <c>_msearch</c>).</summary>
    public bool Lines { get; init; }

    /// <summary>When it may be sent again.</summary>
    public Repeat Repeat { get; init; }

    /// <summary>How long one attempt may take; null for <see cref="OpenSearchOptions.RequestTimeoutSeconds"/>.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Whether 404 is an answer like any other and no error.</summary>
    public bool MissingIsAnswer { get; init; }

    /// <summary>A GET, which may be repeated.</summary>
    public static OpenSearchRequest Get(string path) => new(HttpMethod.Get, path) { Repeat = Repeat.AfterOverload };

    /// <summary>A POST that only reads (<c>_search</c>, <c>_msearch</c>, <c>_count</c>, <c>_mget</c>), which may be repeated.</summary>
    public static OpenSearchRequest Read(string path, ReadOnlyMemory<byte> body, bool lines = false) =>
        new(HttpMethod.Post, path) { Body = body, Lines = lines, Repeat = Repeat.AfterOverload };
}
