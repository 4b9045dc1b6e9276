using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Indexer.Jobs;

/// <summary>Registers the jobs.</summary>
public static class ReindexServices
{
    /// <summary>Adds <see cref="ReindexJobs"/> over the sections <c>Catalogs</c> and <c>Reindex</c>, both validated at start. Needs <see cref="Pipeline.ReindexJob"/>, the catalog store, the issuer, the audit and a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    /// <param name="dataDirectory">Folder of dead letters and spool.</param>
    public static IServiceCollection AddReindexJobs(this IServiceCollection services, IConfiguration configuration, string dataDirectory)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<ReindexJobsOptions>()
            .Bind(configuration.GetSection(ReindexJobsOptions.Section))
            .Configure(jobs => jobs.DataDirectory = dataDirectory)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(_ => ConfiguredCatalogs.Read(configuration));
        services.AddSingleton<ReindexJobs>();
        services.AddHostedService(provider => provider.GetRequiredService<ReindexJobs>());
        return services;
    }
}
