namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>How much of a product an answer holds.</summary>
internal enum ProductDetail
{
    /// <summary>Id and the beginning of the name.</summary>
    Named = 0,

    /// <summary>Id, name, brand, price and availability.</summary>
    Brief,

    /// <summary>A shortened description and the first specifications on top.</summary>
    Compact,

    /// <summary>Everything a caller may see.</summary>
    Full,
}
