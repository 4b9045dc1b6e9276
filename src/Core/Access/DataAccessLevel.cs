namespace AiPlatform.Core.Access;

/// <summary>How sensitive a product is, and how far a caller may see. Ordered: a caller at a level sees that level and every lower one.</summary>
public enum DataAccessLevel
{
    /// <summary>Visible to any caller of the platform.</summary>
    Public = 0,

    /// <summary>Visible inside the company.</summary>
    Internal = 1,

    /// <summary>Visible to named groups with the highest clearance.</summary>
    Confidential = 2,
}
