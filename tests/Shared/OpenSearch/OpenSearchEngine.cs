using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.State;
using AiPlatform.Search.OpenSearch.Transport;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Tests.OpenSearch;

/// <summary>The engine as the platform registers it, over one node. <see cref="RemoveAsync"/> takes away all that its prefix names.</summary>
internal sealed class OpenSearchEngine : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="options">The settings.</param>
    /// <param name="time">Clock; null for the system's.</param>
    /// <param name="logs">Where logs go; null for nowhere.</param>
    /// <param name="more">Further registrations.</param>
    public OpenSearchEngine(OpenSearchOptions options, TimeProvider? time = null, ILoggerProvider? logs = null, Action<IServiceCollection>? more = null)
    {
        var services = new ServiceCollection().AddLogging(b => _ = logs is null ? b : b.AddProvider(logs).SetMinimumLevel(LogLevel.Debug)).AddSingleton(time ?? TimeProvider.System);
        more?.Invoke(services);
        _services = services.AddOpenSearch(options).BuildServiceProvider();
        Options = options;
    }

    public OpenSearchOptions Options { get; }

    public ICatalogIndex Index => _services.GetRequiredService<ICatalogIndex>();

    public ICatalogStore Store => _services.GetRequiredService<ICatalogStore>();

    public IChangeJournal Journal => _services.GetRequiredService<IChangeJournal>();

    public OpenSearchConnection Connection => _services.GetRequiredService<OpenSearchConnection>();

    public CatalogStates States => _services.GetRequiredService<CatalogStates>();

    /// <summary>Names of the indexes that the prefix has.</summary>
    public async Task<IReadOnlyList<string>> IndexesAsync()
    {
        using var answer = await Connection.SendAsync(OpenSearchRequest.Get($"/_cat/indices/{Options.IndexPrefix}-*?format=json&h=index&expand_wildcards=all"), default);
        return [.. answer.Root.EnumerateArray().Select(i => i.GetProperty("index").GetString()!).Order(StringComparer.Ordinal)];
    }

    /// <summary>Deletes them.</summary>
    public async Task RemoveAsync()
    {
        foreach (var index in await IndexesAsync())
        {
            using var _ = await Connection.SendAsync(HttpMethod.Delete, $"/{index}?ignore_unavailable=true", default, idempotent: true, default);
        }
    }

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
