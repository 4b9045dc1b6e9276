namespace AiPlatform.Router.Calls;

/// <summary>How a call uses the cache of answers; flags, as in the <c>Cache-Control</c> header of a request.</summary>
[Flags]
public enum CacheUse
{
    /// <summary>Neither.</summary>
    None = 0,

    /// <summary>An answer may come from the cache; without it (<c>no-cache</c>) a fresh one is asked for.</summary>
    Read = 1,

    /// <summary>The answer may be kept; without it (<c>no-store</c>) nothing of the call is.</summary>
    Write = 2,

    /// <summary>Both: the default.</summary>
    ReadAndWrite = Read | Write,
}
