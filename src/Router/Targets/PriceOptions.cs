using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Router.Targets;

/// <summary>A price of the settings, in US dollars a million tokens.</summary>
public sealed class PriceOptions
{
    /// <summary>A million tokens of input.</summary>
    [Range(0, 1_000_000)]
    public decimal Input { get; set; }

    /// <summary>A million tokens of output.</summary>
    [Range(0, 1_000_000)]
    public decimal Output { get; set; }

    /// <summary>A million tokens of input that the provider reads from its cache. Default: as <see cref="Input"/>.</summary>
    [Range(0, 1_000_000)]
    public decimal? CachedInput { get; set; }

    /// <summary>Where the price was read. Required: a price nobody can check is none.</summary>
    [Required]
    [MaxLength(400)]
    public string Source { get; set; } = "";

    /// <summary>When it was read, such as <c>2026-11-01</c>. Required.</summary>
    public DateOnly AsOf { get; set; }
}
