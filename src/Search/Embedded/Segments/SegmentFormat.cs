using AiPlatform.Core.Catalog;

namespace AiPlatform.Search.Embedded.Segments;

/// <summary>Constants of the segment file. A change of layout changes <see cref="Version"/>; files from <see cref="OldestVersion"/> on are read.</summary>
internal static class SegmentFormat
{
    /// <summary>"AIPSEG" and two zero bytes, little-endian.</summary>
    public const ulong Magic = 0x0000_4745_5350_4941;

    /// <summary>What is written. 2 added <see cref="SegmentSection.Versions"/>.</summary>
    public const int Version = 2;

    /// <summary>The oldest version that is read.</summary>
    public const int OldestVersion = 1;

    /// <summary>Sections of a file of a version; they are only ever added at the end.</summary>
    public static int Sections(int version) => version == 1 ? (int)SegmentSection.Versions : (int)SegmentSection.Count;

    /// <summary>Where a section may start.</summary>
    public const int Alignment = 64;

    /// <summary>The price column's "unknown".</summary>
    public const long NoPrice = long.MinValue;

    /// <summary>What a price is multiplied by in its column.</summary>
    public const decimal PriceScale = 10_000m;

    /// <summary>Prices are below it.</summary>
    public const decimal HighestPrice = 900_000_000_000_000m;

    /// <summary>Keyword field that holds the words suggestions complete to; not a field of the product.</summary>
    public const string WordField = "~word";

    /// <summary>Keyword field that marks a product whose list of restricted regions names no region (blank entries only); not a field of the product.</summary>
    public const string BlankRestrictionField = "~restricted";

    /// <summary>The one value of a marker field.</summary>
    public const string Marked = "1";

    /// <summary>Fields whose values are not in the keyword index but in columns or in the id table.</summary>
    public static bool IsKeyword(string field) =>
        field is not (ProductFields.Id or ProductFields.Price or ProductFields.Rating);
}
