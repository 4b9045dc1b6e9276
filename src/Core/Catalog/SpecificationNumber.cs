using System.Globalization;

namespace AiPlatform.Core.Catalog;

/// <summary>Reads the number of a specification value: a plain decimal, optionally followed by a unit (<c>16 GB</c>, <c>2.4GHz</c>, <c>15"</c>).</summary>
public static class SpecificationNumber
{
    /// <summary>False for ranges (<c>100-240</c>), dates, part numbers and anything else that is not one number with a unit of letters or symbols. O(length).</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out decimal number) => TryParse(value, out number, out _);

    /// <summary>The same, with the unit as it is written; empty when there is none.</summary>
    public static bool TryParse(ReadOnlySpan<char> value, out decimal number, out ReadOnlySpan<char> unit)
    {
        value = value.Trim();
        var end = 0;
        while (end < value.Length && (char.IsAsciiDigit(value[end]) || value[end] == '.' || (end == 0 && value[end] is '-' or '+')))
        {
            end++;
        }

        number = 0;
        unit = value[end..].TrimStart();
        foreach (var c in unit)
        {
            if (char.IsAsciiDigit(c) || c is '-' or ',' or '.' or '+' || char.IsWhiteSpace(c))
            {
                return false;
            }
        }

        return end > 0 && unit.Length <= 12
            && decimal.TryParse(value[..end], NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
    }
}
