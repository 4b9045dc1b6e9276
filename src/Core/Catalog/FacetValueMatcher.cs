using System.Collections.Immutable;
using AiPlatform.Core.Text;

namespace AiPlatform.Core.Catalog;

/// <summary>Whether and how values of a field match one written text. One code for every engine. Immutable.</summary>
public sealed class FacetValueMatcher
{
    private const int LengthForOneEdit = 3;
    private const int LengthForTwoEdits = 5;
    private const int MaxEditedLength = 64;
    private readonly bool _isCategory;

    /// <summary>Prepares the text.</summary>
    /// <param name="field">Canonical field name; null for the names of specifications.</param>
    /// <param name="text">As written.</param>
    public FacetValueMatcher(string? field, string text)
    {
        _isCategory = field == ProductFields.Category;
        Text = Keyword.Normalize(text);
        Forms = _isCategory ? ProductFields.CategoryForms(Text) : [Text];
        MaxEdits = Text.Length is < LengthForOneEdit or > MaxEditedLength ? 0 : Text.Length < LengthForTwoEdits ? 1 : 2;
    }

    /// <summary>The text in its normal form.</summary>
    public string Text { get; }

    /// <summary>The normal forms of a value that the text stands for exactly; more than one for a category, whose levels people join in several ways.</summary>
    public ImmutableArray<string> Forms { get; }

    /// <summary>How many letters may differ for <see cref="FacetMatch.Near"/>: none below three letters, one below five, else two.</summary>
    public int MaxEdits { get; }

    /// <summary>How the text stands in a normal value; null when it does not. An empty text is a prefix of everything. O(length).</summary>
    public FacetMatch? Find(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (Text.Length == 0)
        {
            return FacetMatch.Prefix;
        }

        FacetMatch? best = null;
        foreach (var form in Forms)
        {
            best = Better(best, Find(value, form));
        }

        return _isCategory && best is not (FacetMatch.Exact or FacetMatch.Prefix) && Level(value).StartsWith(Text, StringComparison.Ordinal) ? FacetMatch.Prefix : best;
    }

    /// <summary>The edits from the text to a normal value when there are few enough; otherwise -1. O(length · edits).</summary>
    public int Edits(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (MaxEdits == 0)
        {
            return -1;
        }

        var edits = EditDistance.Within(Text, value, MaxEdits);
        var ofLevel = _isCategory ? EditDistance.Within(Text, Level(value), MaxEdits) : -1;
        return edits < 0 || (ofLevel >= 0 && ofLevel < edits) ? ofLevel : edits;
    }

    private static FacetMatch? Better(FacetMatch? one, FacetMatch? other) => one is null || other < one ? other : one;

    private static FacetMatch? Find(string value, string text)
    {
        if (text.Length == 0)
        {
            return null;
        }

        var at = value.IndexOf(text, StringComparison.Ordinal);
        if (at <= 0)
        {
            return at < 0 ? null : value.Length == text.Length ? FacetMatch.Exact : FacetMatch.Prefix;
        }

        while (at > 0)
        {
            if (!char.IsLetterOrDigit(value[at - 1]))
            {
                return FacetMatch.WordPrefix;
            }

            at = value.IndexOf(text, at + 1, StringComparison.Ordinal);
        }

        return FacetMatch.Contains;
    }

    private static ReadOnlySpan<char> Level(string path)
    {
        var at = path.LastIndexOf(ProductFields.CategorySeparator, StringComparison.Ordinal);
        return at < 0 ? path : path.AsSpan(at + ProductFields.CategorySeparator.Length);
    }
}
