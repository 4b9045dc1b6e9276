namespace AiPlatform.Search.OpenSearch.State;

/// <summary>A catalog's state with the alias taken into account.</summary>
/// <param name="State">What holds.</param>
/// <param name="Stored">The document it was read from; null when there is none.</param>
/// <param name="Lost">Whether there is or was a generation that cannot be told or found any more.</param>
/// <param name="Aliased">The indexes that the alias points to; when it is lost, the state knows none of them.</param>
internal sealed record ResolvedState(CatalogState State, Stored<CatalogState>? Stored, bool Lost, IReadOnlyList<string> Aliased)
{
    /// <summary>What is wrong with the alias and what to do, a sentence each; empty when nothing is.</summary>
    /// <param name="alias">Its name.</param>
    public IReadOnlyList<string> Problems(string alias)
    {
        var indexes = string.Join(" and ", Aliased);
        return (Lost, Aliased.Count) switch
        {
            (true, 0) => [$"The alias {alias} is gone, so nothing is live. {Advice}"],
            (true, 1) => [$"The alias {alias} points to {indexes}, which the state does not know, so nothing is live. {Advice}"],
            (true, _) => [$"The alias {alias} points to {indexes}, none of which the state knows, so nothing is live. {Advice}"],
            (false, > 1) => [$"The alias {alias} points to {indexes}; only {State.Live!.Index} is read here. Take the others out of the alias, or run a full reindex."],
            _ => [],
        };
    }

    private string Advice => Stored is { Value.Generations.Count: > 0 }
        ? "Run rollback, which makes the newest generation that is whole live again, or a full reindex."
        : "Run a full reindex.";
}
