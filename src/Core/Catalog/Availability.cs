namespace AiPlatform.Core.Catalog;

/// <summary>Whether a product can be had.</summary>
public enum Availability
{
    /// <summary>Not stated by the source.</summary>
    Unknown = 0,

    /// <summary>In stock.</summary>
    InStock,

    /// <summary>Few left.</summary>
    LowStock,

    /// <summary>Can be ordered before release.</summary>
    Preorder,

    /// <summary>Out of stock, expected again.</summary>
    OutOfStock,

    /// <summary>Not made any more.</summary>
    Discontinued,
}
