using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Gates;

/// <summary>Registers the gates.</summary>
public static class GateServices
{
    /// <summary>Adds <see cref="ReindexGates"/> over the live <see cref="ICatalogIndex"/>, the <see cref="IAccessPolicySource"/> if there is one, and the <see cref="IAccessAudit"/>. Needs a <see cref="TimeProvider"/> and logging.</summary>
    /// <param name="services">The services.</param>
    public static IServiceCollection AddReindexGates(this IServiceCollection services)
    {
        services.TryAddSingleton(provider => new ReindexGates(
            provider.GetRequiredService<ICatalogIndex>(),
            provider.GetService<IAccessPolicySource>(),
            provider.GetRequiredService<IAccessAudit>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReindexGates>>()));
        return services;
    }
}
