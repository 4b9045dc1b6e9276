using System.Globalization;
using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.OpenSearch.Documents;

/// <summary>
/// Numbers of any field as keywords whose order is that of the numbers, so that a range over terms is a range over exact decimals, for every specification
/// in one field. A value that is no number leaves a mark of its own: rules that ask for every value to be in bounds refuse such a product.
/// </summary>
internal static class NumberTerm
{
    private const char Negative = 'n';
    private const char Positive = 'p';

    /// <summary>Sorts after every digit and the point: a longer negative fraction is the smaller number.</summary>
    private const char NegativeEnd = '~';

    /// <summary>The term of a normal value.</summary>
    public static string Of(string field, string value) =>
        SpecificationNumber.TryParse(value, out var number) ? Of(field, number) : NotANumber(field);

    /// <summary>The term of a number.</summary>
    public static string Of(string field, decimal number)
    {
        var text = Math.Abs(number).ToString("0.############################", CultureInfo.InvariantCulture);
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var digits = point < 0 ? text.Length : point;
        var magnitude = digits.ToString("00", CultureInfo.InvariantCulture) + text;
        return number >= 0
            ? $"{field}{FieldTerm.Separator}{Positive}{magnitude}"
            : $"{field}{FieldTerm.Separator}{Negative}{string.Create(magnitude.Length, magnitude, Complement)}{NegativeEnd}";
    }

    /// <summary>The mark of a value that is no number; sorts before every number of the field.</summary>
    public static string NotANumber(string field) => $"{field}{FieldTerm.Separator}?";

    /// <summary>Sorts before every number of the field and after its mark.</summary>
    public static string Lowest(string field) => $"{field}{FieldTerm.Separator}{Negative}";

    /// <summary>Sorts after every number of the field.</summary>
    public static string Highest(string field) => $"{field}{FieldTerm.Separator}{NegativeEnd}";

    private static void Complement(Span<char> target, string magnitude)
    {
        for (var i = 0; i < target.Length; i++)
        {
            target[i] = magnitude[i] == '.' ? '.' : (char)('9' - (magnitude[i] - '0'));
        }
    }
}
