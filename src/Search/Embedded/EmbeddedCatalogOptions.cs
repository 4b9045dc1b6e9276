using System.ComponentModel.DataAnnotations;
using AiPlatform.Search.Ranking;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search.Embedded;

/// <summary>Settings of the in-process engine.</summary>
public sealed class EmbeddedCatalogOptions
{
    /// <summary>Folder of the index; one sub-folder a catalog. Created when missing. Required.</summary>
    [Required]
    public string Directory { get; set; } = "";

    /// <summary>Weights of the lexical leg.</summary>
    public Bm25FOptions Bm25F { get; set; } = new();

    /// <summary>Weights of the ranking.</summary>
    public RankingOptions Ranking { get; set; } = new();

    /// <summary>Scopes whose view of a catalog is kept ready; the least recently used goes first. Default 64.</summary>
    [Range(1, 10_000)]
    public int MaxViews { get; set; } = 64;

    /// <summary>Bytes of term postings kept for all views of a catalog together. Default 512 MiB.</summary>
    [Range(1 << 20, 1L << 40)]
    public long TermCacheBytes { get; set; } = 512L << 20;

    /// <summary>Products of one segment at most. Default 262,144.</summary>
    [Range(64, 4_194_304)]
    public int SegmentProducts { get; set; } = 262_144;

    /// <summary>Bytes of memory at which a segment being written is closed before it has all its products. Default 1 GiB.</summary>
    [Range(1 << 20, 1L << 40)]
    public long SegmentMemoryBytes { get; set; } = 1L << 30;

    /// <summary>Segments a generation may have before small ones are rewritten together. Default 8.</summary>
    [Range(1, 64)]
    public int MaxSegments { get; set; } = 8;

    /// <summary>How often, in milliseconds, a read looks whether another process has swapped in a new generation. Default 500.</summary>
    [Range(0, 60_000)]
    public int ReloadCheckMilliseconds { get; set; } = 500;

    /// <summary>Checks every bound, those of the ranking included.</summary>
    /// <exception cref="OptionsValidationException">Values are out of range; the message names all of them.</exception>
    public void Validate()
    {
        var problems = new List<ValidationResult>();
        Validator.TryValidateObject(this, new ValidationContext(this), problems, validateAllProperties: true);
        Validator.TryValidateObject(Ranking, new ValidationContext(Ranking), problems, validateAllProperties: true);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(nameof(EmbeddedCatalogOptions), typeof(EmbeddedCatalogOptions), problems.Select(p => p.ErrorMessage ?? "A value is out of range."));
        }
    }
}
