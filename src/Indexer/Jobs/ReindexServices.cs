using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Worker;
using AiPlatform.Search;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Jobs;

/// <summary>Registers the jobs and the worker that does them.</summary>
public static class ReindexServices
{
    /// <summary>
    /// Adds <see cref="ReindexJobs"/> over the sections <c>Catalogs</c> and <c>Reindex</c>, both validated at start. Needs the catalog store, <see cref="IReindexJobStore"/>,
    /// the issuer, the audit and a <see cref="TimeProvider"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    /// <param name="dataDirectory">Folder of dead letters and spool.</param>
    public static IServiceCollection AddReindexJobs(this IServiceCollection services, IConfiguration configuration, string dataDirectory)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SettingNames.Demand<ReindexJobsOptions>(configuration, ReindexJobsOptions.Section, nameof(ReindexJobsOptions.DataDirectory));
        services.AddOptions<ReindexJobsOptions>()
            .Bind(configuration.GetSection(ReindexJobsOptions.Section))
            .Configure(jobs => jobs.DataDirectory = dataDirectory)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.AddSingleton(_ => ConfiguredCatalogs.Read(configuration));
        services.AddSingleton<LocalJobs>();
        services.AddSingleton(provider => new ReindexJobs(
            provider.GetRequiredService<ConfiguredCatalogs>(),
            provider.GetRequiredService<IReindexJobStore>(),
            provider.GetRequiredService<LocalJobs>(),
            provider.GetRequiredService<ICatalogStore>(),
            provider.GetRequiredService<AccessScope.Issuer>(),
            provider.GetRequiredService<IAccessAudit>(),
            provider.GetRequiredService<IOptions<ReindexJobsOptions>>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReindexJobs>>()));
        services.AddHostedService(provider => provider.GetRequiredService<ReindexJobs>());
        return services;
    }

    /// <summary>Adds the worker of this process, as the section <c>Worker</c> says. After <see cref="AddReindexJobs"/>, so that it stops before it; needs <see cref="Pipeline.ReindexJob"/> and the platform's storage besides.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    public static IServiceCollection AddReindexWorker(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        SettingNames.Demand<WorkerOptions>(configuration, WorkerOptions.Section);
        services.AddOptions<WorkerOptions>().Bind(configuration.GetSection(WorkerOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ReindexRunner>();
        services.AddHostedService<ReindexWorker>();
        return services;
    }
}
