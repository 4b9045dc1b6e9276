using AiPlatform.Search.Analysis;

namespace AiPlatform.Search.Embedded;

/// <summary>
/// Weights of the fielded BM25 (Robertson, Zaragoza, Taylor 2004: frequencies are weighted and normalised a field, summed, saturated once).
/// The defaults are tuned on the development queries of two judged catalogs.
/// </summary>
public sealed class Bm25FOptions
{
    /// <summary>Saturation. Default 1.31.</summary>
    public float K1 { get; set; } = 1.31f;

    /// <summary>Weight of the name. Default 6.2.</summary>
    public float NameWeight { get; set; } = 6.2f;

    /// <summary>Length normalisation of the name, 0 to 1. Default .6.</summary>
    public float NameLength { get; set; } = .6f;

    /// <summary>Weight of the class. Default 2.8.</summary>
    public float ClassWeight { get; set; } = 2.8f;

    /// <summary>Length normalisation of the class. Default .95.</summary>
    public float ClassLength { get; set; } = .95f;

    /// <summary>Weight of the category. Default 1.2.</summary>
    public float CategoryWeight { get; set; } = 1.2f;

    /// <summary>Length normalisation of the category. Default .6.</summary>
    public float CategoryLength { get; set; } = .6f;

    /// <summary>Weight of the brand. Default 15.</summary>
    public float BrandWeight { get; set; } = 15f;

    /// <summary>Length normalisation of the brand. Default .39.</summary>
    public float BrandLength { get; set; } = .39f;

    /// <summary>Weight of the description. Default 1.4.</summary>
    public float DescriptionWeight { get; set; } = 1.4f;

    /// <summary>Length normalisation of the description. Default .71.</summary>
    public float DescriptionLength { get; set; } = .71f;

    /// <summary>Weight of the specifications. Default .84.</summary>
    public float FeaturesWeight { get; set; } = .84f;

    /// <summary>Length normalisation of the specifications. Default .75.</summary>
    public float FeaturesLength { get; set; } = .75f;

    internal (float Weight, float B) Of(TextField field) => field switch
    {
        TextField.Name => (NameWeight, NameLength),
        TextField.Class => (ClassWeight, ClassLength),
        TextField.Category => (CategoryWeight, CategoryLength),
        TextField.Brand => (BrandWeight, BrandLength),
        TextField.Description => (DescriptionWeight, DescriptionLength),
        _ => (FeaturesWeight, FeaturesLength),
    };
}
