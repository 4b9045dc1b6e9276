namespace AiPlatform.Search.OpenSearch.Transport;

/// <summary>When a request may be sent again.</summary>
internal enum Repeat
{
    /// <summary>Only when it is certain that no node saw it.</summary>
    WhenUnsent,

    /// <summary>Also after a cut connection and 502, 503, 504: it does the same twice as once, and 429 is the caller's business.</summary>
    AfterFailure,

    /// <summary>After 429, too.</summary>
    AfterOverload,
}
