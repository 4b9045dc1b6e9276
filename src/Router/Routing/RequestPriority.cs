namespace AiPlatform.Router.Routing;

/// <summary>How long a request may wait.</summary>
public enum RequestPriority
{
    /// <summary>May wait for a warm-up.</summary>
    Normal = 0,

    /// <summary>May be queued and answered later.</summary>
    Low,

    /// <summary>Must not wait: a warm fallback is preferred to a cold first choice.</summary>
    High,
}
