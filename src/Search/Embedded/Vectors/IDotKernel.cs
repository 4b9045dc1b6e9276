namespace AiPlatform.Search.Embedded.Vectors;

/// <summary>The dot product of a row of codes with the query's, exact in int32.</summary>
internal unsafe interface IDotKernel
{
    /// <summary>The dot product. Both are padded to a multiple of 64.</summary>
    /// <param name="row">Codes of the row.</param>
    /// <param name="query">The prepared query.</param>
    static abstract int Dot(sbyte* row, in QueryCodes query);
}
