namespace AiPlatform.Search.Analysis;

/// <summary>The searched fields, in the order they are stored in postings and lengths.</summary>
internal enum TextField
{
    /// <summary>Product name.</summary>
    Name = 0,

    /// <summary>Class.</summary>
    Class,

    /// <summary>Category path above the class.</summary>
    Category,

    /// <summary>Brand.</summary>
    Brand,

    /// <summary>Description.</summary>
    Description,

    /// <summary>Specification values.</summary>
    Features,

    /// <summary>Number of fields.</summary>
    Count,
}
