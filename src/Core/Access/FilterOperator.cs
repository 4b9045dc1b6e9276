namespace AiPlatform.Core.Access;

/// <summary>The comparison of a data filter. Every operator answers false for a product that lacks the field.</summary>
public enum FilterOperator
{
    /// <summary>Not an operator this version knows. Matches nothing (fail closed).</summary>
    Unknown = 0,

    /// <summary>Any value of the field equals the one given value.</summary>
    Equals,

    /// <summary>Any value of the field is in the given list. An empty list matches nothing.</summary>
    In,

    /// <summary>The field has a value and none of its values is in the given list. An empty list matches nothing.</summary>
    NotIn,

    /// <summary>Every value of the field is a number at or below the bound.</summary>
    Lte,

    /// <summary>Every value of the field is a number at or above the bound.</summary>
    Gte,
}
