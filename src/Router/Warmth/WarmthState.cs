namespace AiPlatform.Router.Warmth;

/// <summary>How ready a model is in a region.</summary>
public enum WarmthState
{
    /// <summary>Nothing was seen of it yet.</summary>
    Unknown = 0,

    /// <summary>The next request waits for it to be loaded.</summary>
    Cold,

    /// <summary>It is being loaded.</summary>
    Warming,

    /// <summary>It answers at once.</summary>
    Warm,
}
