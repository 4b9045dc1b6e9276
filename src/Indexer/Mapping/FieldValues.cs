using System.Globalization;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads the single values of target fields. Pure; false means the text is no such value.</summary>
internal static class FieldValues
{
    public static bool TryAccessLevel(string text, out DataAccessLevel level)
    {
        (var known, level) = Keyword.Normalize(text) switch
        {
            "public" => (true, DataAccessLevel.Public),
            "internal" => (true, DataAccessLevel.Internal),
            "confidential" => (true, DataAccessLevel.Confidential),
            _ => (false, DataAccessLevel.Confidential),
        };
        return known;
    }

    public static bool TryAvailability(string text, out Availability availability)
    {
        (var known, availability) = Keyword.Normalize(text).Replace(' ', '_').Replace('-', '_') switch
        {
            "in_stock" or "instock" => (true, Availability.InStock),
            "low_stock" or "lowstock" => (true, Availability.LowStock),
            "preorder" or "pre_order" => (true, Availability.Preorder),
            "out_of_stock" or "outofstock" => (true, Availability.OutOfStock),
            "discontinued" => (true, Availability.Discontinued),
            "unknown" => (true, Availability.Unknown),
            _ => (false, Availability.Unknown),
        };
        return known;
    }

    public static bool TryDecimal(string text, NumberNotation notation, out decimal number)
    {
        var plain = notation switch
        {
            NumberNotation.DecimalComma => Ungroup(text, '.').Replace(',', '.'),
            NumberNotation.DecimalThousands => Ungroup(text, ','),
            _ => text,
        };
        return decimal.TryParse(plain, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out number);
    }

    /// <summary>ISO 8601 (year, month, day or a moment), the given format, or Unix time. Without an offset: UTC.</summary>
    public static bool TryDate(string text, string? format, out DateTimeOffset date)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        if (format is "unix_seconds" or "unix_milliseconds")
        {
            return TryUnix(text, format == "unix_seconds" ? 1_000 : 1, out date);
        }

        return format is not null
            ? DateTimeOffset.TryParseExact(text, format, CultureInfo.InvariantCulture, Styles, out date)
            : DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd", "yyyy-MM", "yyyy"], CultureInfo.InvariantCulture, Styles, out date)
                || (text.Contains('T', StringComparison.Ordinal) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, Styles, out date));
    }

    private static bool TryUnix(string text, long milliseconds, out DateTimeOffset date)
    {
        date = default;
        var last = DateTimeOffset.MaxValue.ToUnixTimeMilliseconds() / milliseconds;
        if (!long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) || value < 0 || value > last)
        {
            return false;
        }

        date = DateTimeOffset.FromUnixTimeMilliseconds(value * milliseconds);
        return true;
    }

    private static string Ungroup(string text, char group) =>
        string.Concat(text.Where(c => c != group && c != '\'' && !char.IsWhiteSpace(c)));
}
