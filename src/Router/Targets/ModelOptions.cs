using System.ComponentModel.DataAnnotations;
using AiPlatform.Core.Access;

namespace AiPlatform.Router.Targets;

/// <summary>One target of the section <c>Router:Models</c>.</summary>
public sealed class ModelOptions
{
    /// <summary>The name callers and policies use. Required. Several targets may share it: the same model in other regions or at other providers.</summary>
    [Required]
    [MaxLength(200)]
    public string Name { get; set; } = "";

    /// <summary>The provider's name in policies. Default: <see cref="Kind"/>.</summary>
    [MaxLength(100)]
    public string Provider { get; set; } = "";

    /// <summary>Which protocol it speaks: <c>openai</c>, also for every service that speaks it. Default <c>openai</c>.</summary>
    public string Kind { get; set; } = "openai";

    /// <summary>The model's name at the provider. Default: <see cref="Name"/>.</summary>
    [MaxLength(400)]
    public string UpstreamModel { get; set; } = "";

    /// <summary>Where the service is. Default: empty, the provider's own address.</summary>
    public string BaseUrl { get; set; } = "";

    /// <summary>Region of the endpoint. Default: empty.</summary>
    [MaxLength(60)]
    public string Region { get; set; } = "";

    /// <summary>Every region a request may be processed in. Default: <see cref="Region"/> alone; empty where that is empty: not known, which fits no residency.</summary>
    public IList<string> ProcessingRegions { get; } = [];

    /// <summary>Key of the provider; never logged. Default: empty.</summary>
    public string ApiKey { get; set; } = "";

    /// <summary>File that holds the key, instead of <see cref="ApiKey"/>; read at start. Default: empty.</summary>
    public string ApiKeyFile { get; set; } = "";

    /// <summary>What it can do: <c>tools</c>, <c>images</c>, <c>json_schema</c>, <c>embeddings</c>. Default: tools and json_schema.</summary>
    public IList<string> Abilities { get; } = [];

    /// <summary>Tokens of input and output together. Default 128,000.</summary>
    [Range(1, 100_000_000)]
    public int ContextTokens { get; set; } = 128_000;

    /// <summary>Tokens of output. Default 4,096.</summary>
    [Range(1, 10_000_000)]
    public int MaxOutputTokens { get; set; } = 4_096;

    /// <summary>The highest level of data a caller may see whose requests are sent there. Default: confidential.</summary>
    public DataAccessLevel HighestDataLevel { get; set; } = DataAccessLevel.Confidential;

    /// <summary>Seconds an answer, or in a stream its next piece, is waited for. Default 60.</summary>
    [Range(1, 3_600)]
    public int TimeoutSeconds { get; set; } = 60;

    /// <summary>What it costs. Default: not known, which is never the cheapest.</summary>
    public PriceOptions? Price { get; set; }
}
