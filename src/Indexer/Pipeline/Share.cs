using System.Globalization;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>A share as people write it: <c>30%</c> or <c>0.3</c>.</summary>
internal static class Share
{
    /// <summary>Reads a share from 0 to 1; false for anything else.</summary>
    public static bool TryParse(string text, out double share)
    {
        var percent = text.EndsWith('%');
        var valid = double.TryParse(percent ? text[..^1] : text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out share);
        share = percent ? share / 100 : share;
        return valid && share is >= 0 and <= 1;
    }
}
