namespace AiPlatform.Search.Embedded;

/// <summary>The generations that reads may enter. Thread-safe.</summary>
internal interface ILiveCatalogs
{
    EmbeddedCatalogOptions Options { get; }

    TimeProvider Time { get; }

    /// <summary>Secret of the cursors.</summary>
    byte[] CursorKey { get; }

    /// <summary>Names of the catalogs, in order.</summary>
    IReadOnlyList<string> Names();

    /// <summary>Enters a catalog's generation as a reader; null when there is none. The caller leaves it.</summary>
    LiveCatalog? Enter(string catalog);
}
