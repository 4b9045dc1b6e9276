namespace AiPlatform.Core.Access;

/// <summary>What the router optimises for a group among the targets the group may use.</summary>
public enum RoutingStrategy
{
    /// <summary>A weighing of price, latency and health.</summary>
    Balanced = 0,

    /// <summary>The cheapest known price.</summary>
    Cost,

    /// <summary>The shortest time to the first token.</summary>
    Latency,

    /// <summary>Residency and provider terms before everything else.</summary>
    Compliance,
}
