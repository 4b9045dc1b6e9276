namespace AiPlatform.Core.Catalog;

/// <summary>How a value of a field matches a written text, best first.</summary>
public enum FacetMatch
{
    /// <summary>The value itself, in its normal form.</summary>
    Exact = 0,

    /// <summary>The value, or the last level of a category, starts with the text.</summary>
    Prefix,

    /// <summary>A word of the value starts with the text.</summary>
    WordPrefix,

    /// <summary>The text stands somewhere in the value.</summary>
    Contains,

    /// <summary>The value, or the last level of a category, is the text but for one or two letters.</summary>
    Near,
}
