using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Router.Targets;

/// <summary>Which models answer and how hard they are tried: the section <c>Router</c>.</summary>
public sealed class RouterOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Router";

    /// <summary>The targets. Default: none; then products are answered in extracts, and nothing else is answered.</summary>
    [MaxLength(500)]
    public IList<ModelOptions> Models { get; } = [];

    /// <summary>Seconds of all attempts together until the first piece of an answer. Default 60.</summary>
    [Range(1, 600)]
    public int DeadlineSeconds { get; set; } = 60;

    /// <summary>Tries of the same target behind its first, for trouble that passes at once. Default 1.</summary>
    [Range(0, 5)]
    public int Retries { get; set; } = 1;

    /// <summary>Milliseconds of the pause behind a first failure; doubles, with jitter. Default 100.</summary>
    [Range(1, 10_000)]
    public int FirstPauseMilliseconds { get; set; } = 100;

    /// <summary>Bytes of a request at most. Default 4 MiB.</summary>
    [Range(1_024, 64 << 20)]
    public int MaxRequestBytes { get; set; } = 4 << 20;
}
