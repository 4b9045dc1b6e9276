namespace AiPlatform.Core.Catalog;

/// <summary>The comparison of a caller's own filter.</summary>
public enum QueryFilterOperator
{
    /// <summary>Any value of the field is one of the given values (one value: equals).</summary>
    In = 0,

    /// <summary>Any value of the field is a number between the bounds, both inclusive.</summary>
    Range,

    /// <summary>The field has a value.</summary>
    Exists,
}
