using System.Security.Cryptography;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Tests.Fixtures;
using AiPlatform.Search.Analysis;
using AiPlatform.Search.Embedded;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.McpServer.Tests.Mcp.Changes;

/// <summary>The real engine over a folder that a second engine, as another process would, swaps new generations into.</summary>
internal sealed class ChangingCatalogs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aiplatform-changes-").FullName;
    private readonly AccessScope _system = new AccessScope.Issuer(() => AccessPolicy.Empty, new SilentAudit()).IssueSystem("tests", "build the test catalogs");
    private readonly EmbeddedCatalog _writer;

    public ChangingCatalogs()
    {
        Reader = Open();
        _writer = Open();
    }

    /// <summary>What the server reads.</summary>
    public EmbeddedCatalog Reader { get; }

    /// <summary>Makes these the products of the catalog.</summary>
    public async Task IndexAsync(string catalog, IEnumerable<Product> products)
    {
        await using var build = await _writer.BeginBuildAsync(_system, new CatalogBuildRequest(catalog, "tests", TextAnalyzers.English, "", 0), CancellationToken.None);
        foreach (var product in products)
        {
            var hash = SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(product));
            var content = new ContentHash(BitConverter.ToUInt64(hash, 0), BitConverter.ToUInt64(hash, 8));
            await build.PutAsync(new IndexedProduct(product, content, content, default), CancellationToken.None);
        }

        await build.FinishAsync(deleteOthers: true, CancellationToken.None);
        await build.CommitAsync(CancellationToken.None);
    }

    public void Dispose()
    {
        Reader.Dispose();
        _writer.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private EmbeddedCatalog Open() => new(
        new EmbeddedCatalogOptions { Directory = _folder, ReloadCheckMilliseconds = 0 }, new QueryEmbedders([]), TimeProvider.System, NullLogger<EmbeddedCatalog>.Instance);
}
