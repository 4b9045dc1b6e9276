namespace AiPlatform.Search.Querying;

/// <summary>The values of a field that at least one product of a view has, each with how many do.</summary>
/// <param name="Values">Normal values, in no order.</param>
/// <param name="Counts">Products, by position.</param>
internal sealed record VisibleValues(string[] Values, int[] Counts)
{
    private const int BytesPerValue = 40;

    public int Bytes => 96 + Values.Sum(v => BytesPerValue + (v.Length * sizeof(char)));
}
