using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.McpServer.Hosting;

/// <summary>The catalog the demo starts with.</summary>
internal sealed class SampleCatalog(
    ICatalogStore store, ICatalogIndex index, ReindexJob job, AccessScope.Issuer issuer, IConfiguration configuration, IHostEnvironment environment, ILogger<SampleCatalog> logger)
{
    /// <summary>Its name.</summary>
    public const string Name = "sample";

    /// <summary>
    /// The catalog a command means, indexed first when that is the demo's own: in development only, and only when it is asked for by name
    /// or nothing is asked for and there is no catalog yet. A data folder that is in use is never written to.
    /// </summary>
    /// <param name="asked">The catalog asked for; null for whichever there is.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="CatalogRequestException">Nothing is asked for, and there are several catalogs to choose from.</exception>
    public async Task<string> ChooseAsync(string? asked, CancellationToken cancellationToken)
    {
        var names = asked is null ? await NamesAsync(cancellationToken) : [asked];
        var chosen = names.Count == 0 || names.Contains(Name, StringComparer.Ordinal) ? Name
            : names.Count == 1 ? names[0]
            : throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", $"There are several catalogs: {string.Join(", ", names)}. Name one with --catalog.");
        if (environment.IsDevelopment() && chosen == Name && (asked is not null || names.Count == 0))
        {
            await EnsureAsync(cancellationToken);
        }

        return chosen;
    }

    private async Task<bool> IsIndexedAsync(AccessScope system, CancellationToken cancellationToken)
    {
        try
        {
            return (await store.ListGenerationsAsync(system, Name, cancellationToken)).Count > 0;
        }
        catch (InvalidDataException damaged)
        {
            throw new InvalidDataException($"{Path.Combine(ServerPaths.Catalogs(configuration), Name)}: {damaged.Message}", damaged);
        }
    }

    private async Task<List<string>> NamesAsync(CancellationToken cancellationToken)
    {
        var system = issuer.IssueSystem("sample-catalog", "see which catalogs there are for a command that names none");
        return [.. (await index.ListCatalogsAsync(system, cancellationToken)).Select(c => c.Name)];
    }

    /// <summary>Indexes the sample unless that has been done.</summary>
    public async Task EnsureAsync(CancellationToken cancellationToken)
    {
        var system = issuer.IssueSystem("sample-catalog", "index the sample catalog at the first start");
        if (await IsIndexedAsync(system, cancellationToken))
        {
            return;
        }

        if (!File.Exists(ServerPaths.SampleProducts))
        {
            Log.SampleMissing(logger, ServerPaths.SampleProducts);
            return;
        }

        Log.SampleIndexing(logger, ServerPaths.SampleProducts);
        try
        {
            var report = await IndexAsync(system, cancellationToken);
            Log.SampleIndexed(logger, report.Accepted);
        }
        catch (CatalogBusyException)
        {
            // Two first starts at once, as when two assistants start the program: the other one does it, and this one sees the result.
            Log.SampleBusy(logger);
        }
    }

    private async Task<ReindexReport> IndexAsync(AccessScope system, CancellationToken cancellationToken) =>
        await job.RunAsync(
            system,
            new ReindexRequest
            {
                SourcePath = ServerPaths.SampleProducts,
                Mapping = await MappingReader.ReadAsync(ServerPaths.SampleMapping, cancellationToken),
                Catalog = Name,
                DataDirectory = ServerPaths.Data(configuration),
            },
            progress: null,
            cancellationToken);
}
