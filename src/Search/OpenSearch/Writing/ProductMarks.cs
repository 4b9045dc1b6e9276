namespace AiPlatform.Search.OpenSearch.Writing;

/// <summary>What is known of a product in a build.</summary>
[Flags]
internal enum ProductMarks : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>It is in the generation the build started from.</summary>
    Previous = 1,

    /// <summary>Kept as it is.</summary>
    Kept = 2,

    /// <summary>Put by this build.</summary>
    Put = 4,

    /// <summary>What was put has a vector.</summary>
    Vector = 8,

    /// <summary>Deleted by this build.</summary>
    Deleted = 16,

    /// <summary>Put at least once, so that the building index may hold what this build wrote, whatever became of it since.</summary>
    Written = 32,

    /// <summary>Put more than once.</summary>
    Rewritten = 64,
}
