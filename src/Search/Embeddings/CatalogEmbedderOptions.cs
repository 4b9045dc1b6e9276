namespace AiPlatform.Search.Embeddings;

/// <summary>How the catalog's own embedding model is trained. The defaults are measured on two judged catalogs.</summary>
public sealed class CatalogEmbedderOptions
{
    /// <summary>Most dimensions; a catalog of fewer than four products a dimension gets fewer. Default 256, 8 to 1,024.</summary>
    public int Dimensions { get; set; } = 256;

    /// <summary>Most products to learn from; of more, a sample by hash of the id. Default 20,000, 1 to 100,000.</summary>
    public int MaxTrainingProducts { get; set; } = 20_000;

    /// <summary>Most terms; of more, those in most products. Default 60,000, 1 to 500,000.</summary>
    public int MaxTerms { get; set; } = 60_000;

    /// <summary>Rounds that sharpen the randomised decomposition. Without any it keeps more of single words, which measured best. Default 0, 0 to 10.</summary>
    public int PowerIterations { get; set; }

    /// <summary>Weights of the fields.</summary>
    public FieldWeights Weights { get; set; } = new();

    /// <summary>Checks all ranges.</summary>
    /// <exception cref="ArgumentException">Something is out of range; the message names everything that is.</exception>
    public void Validate()
    {
        var errors = new List<string>();
        void Range(string name, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
            {
                errors.Add(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name} is {value}: use {least} to {most}."));
            }
        }

        Range(nameof(Dimensions), Dimensions, 8, 1_024);
        Range(nameof(MaxTrainingProducts), MaxTrainingProducts, 1, 100_000);
        Range(nameof(MaxTerms), MaxTerms, 1, 500_000);
        Range(nameof(PowerIterations), PowerIterations, 0, 10);
        foreach (var (name, weight) in ProductTerms.Named(Weights))
        {
            Range($"{nameof(Weights)}.{name}", weight, 0, 1_000);
        }

        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(' ', errors));
        }
    }
}
