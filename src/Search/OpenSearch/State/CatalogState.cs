namespace AiPlatform.Search.OpenSearch.State;

/// <summary>
/// The generations of a catalog. The alias, moved atomically by the cluster, says which is live; this says what each one is. A swap writes first what will be
/// live (<see cref="Pending"/>), then moves the alias, then settles: whoever reads in between, or after a crash, takes the one that the alias points to.
/// </summary>
/// <param name="NextNumber">Number of the next generation.</param>
/// <param name="Generations">Kept generations, newest first.</param>
/// <param name="Pending">What is live as soon as the alias points to its index; null when nothing is under way.</param>
internal sealed record CatalogState(long NextNumber, List<StoredGeneration> Generations, StoredGeneration? Pending)
{
    /// <summary>Generations kept: the live one and the one a rollback goes to.</summary>
    public const int Kept = 2;

    /// <summary>Nothing yet.</summary>
    public static CatalogState Empty { get; } = new(1, [], null);

    /// <summary>The live generation; null when there is none.</summary>
    public StoredGeneration? Live => Generations.Count == 0 ? null : Generations[0];

    /// <summary>With a generation in front.</summary>
    public CatalogState With(StoredGeneration live) =>
        new(Math.Max(NextNumber, live.Info.Number + 1), [live, .. Generations.Where(g => g.Index != live.Index).Take(Kept - 1)], null);

    /// <summary>
    /// What holds while the alias points to some indexes; null when this knows none of them. More than one, or one that is kept for a rollback, is somebody's work by hand: a swap of
    /// ours leaves the pending one alone.
    /// </summary>
    public CatalogState? At(IReadOnlyCollection<string> aliased)
    {
        if (Pending is { } pending && aliased.Contains(pending.Index) && (Live is null || pending.Index == Live.Index || !aliased.Contains(Live.Index)))
        {
            return With(pending);
        }

        return Generations.Find(g => aliased.Contains(g.Index)) is { } live
            ? this with { Generations = [live, .. Generations.Where(g => g != live)], Pending = null }
            : null;
    }
}
