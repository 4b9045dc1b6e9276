namespace AiPlatform.Core.Models;

/// <summary>A listing of models. Filters are ANDed; null means any.</summary>
public sealed record ModelQuery
{
    /// <summary>The largest page.</summary>
    public const int MaxPageSize = 100;

    /// <summary>Exact framework.</summary>
    public string? Framework { get; init; }

    /// <summary>Exact deployment target.</summary>
    public string? DeploymentTarget { get; init; }

    /// <summary>Status.</summary>
    public ModelStatus? Status { get; init; }

    /// <summary>One of the owner groups.</summary>
    public string? TeamId { get; init; }

    /// <summary>Models a page, 1 to <see cref="MaxPageSize"/>. Default 50.</summary>
    public int PageSize { get; init; } = 50;

    /// <summary>The cursor of the page before; null for the first page. Opaque, bound to the scope and the filters.</summary>
    public string? Cursor { get; init; }
}
