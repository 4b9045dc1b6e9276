using AiPlatform.Core.Catalog;

namespace AiPlatform.McpServer.Mcp.Tools;

/// <summary>A link from an answer to the resource of a product.</summary>
/// <param name="Uri">Address of the product.</param>
/// <param name="Name">Id of the product, cleaned.</param>
/// <param name="Title">Name of the product, cleaned and shortened.</param>
internal readonly record struct ProductLink(string Uri, string Name, string Title)
{
    /// <summary>First revision of the protocol whose clients know links in answers.</summary>
    private const string FirstRevision = "2025-06-18";

    /// <summary>What a link costs beside its texts, in bytes.</summary>
    private const int FrameBytes = 96;

    private const int MostTitle = 100;

    /// <summary>Bytes of the link in an answer.</summary>
    public int Bytes { get; } = FrameBytes + JsonSize.Of(Uri) + JsonSize.Of(Name) + JsonSize.Of(Title);

    public static ProductLink To(string catalog, Product product) =>
        new(ProductUri.Of(catalog, product.Id), SafeText.Clean(product.Id), SafeText.Shorten(product.Name, MostTitle));

    /// <summary>Whether clients of a revision know links; null is no revision at all.</summary>
    public static bool IsKnownTo(string? revision) => string.CompareOrdinal(revision, FirstRevision) >= 0;
}
