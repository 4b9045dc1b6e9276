namespace AiPlatform.Search.OpenSearch.State;

/// <summary>A catalog's state with the alias taken into account.</summary>
/// <param name="State">What holds.</param>
/// <param name="Stored">The document it was read from; null when there is none.</param>
/// <param name="Lost">Whether there is or was a generation that cannot be told or found any more.</param>
internal sealed record ResolvedState(CatalogState State, Stored<CatalogState>? Stored, bool Lost)
{
    /// <summary>The index that the alias points to and the state does not know; null otherwise.</summary>
    public string? LostIndex { get; init; }
}
