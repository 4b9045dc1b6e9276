namespace AiPlatform.Search.Embedded.Writing;

/// <summary>One generation that is not live yet, as the only catalog there is.</summary>
internal sealed class CandidateCatalog(OpenCatalogs catalogs, LiveCatalog candidate) : ILiveCatalogs
{
    public EmbeddedCatalogOptions Options => catalogs.Options;

    public TimeProvider Time => catalogs.Time;

    public byte[] CursorKey => catalogs.CursorKey;

    public IReadOnlyList<string> Names() => [candidate.Generation.Catalog];

    public LiveCatalog? Enter(string catalog) =>
        catalog == candidate.Generation.Catalog && candidate.Generation.TryEnter() ? candidate : null;
}
