namespace AiPlatform.Indexer.Mapping;

/// <summary>How a source writes numbers.</summary>
public enum NumberNotation
{
    /// <summary>A decimal point and no thousands separators: <c>1234.50</c>.</summary>
    Decimal = 0,

    /// <summary>A decimal comma; points, spaces and apostrophes separate thousands: <c>1.234,50</c>.</summary>
    DecimalComma,

    /// <summary>A decimal point; commas, spaces and apostrophes separate thousands: <c>1,234.50</c>.</summary>
    DecimalThousands,
}
