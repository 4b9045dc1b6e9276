using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Jobs;
using AiPlatform.Storage.Keys;
using AiPlatform.Storage.Policy;
using AiPlatform.Storage.Sql;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Storage;

/// <summary>Adds state to an application.</summary>
public static class StorageServiceCollectionExtensions
{
    /// <summary>Adds <see cref="IApiKeyStore"/>, <see cref="IServerSeal"/>, <see cref="IReindexJobStore"/>, <see cref="StateDatabase"/>, <see cref="IAccessAudit"/> and <see cref="ICallAudit"/> from the sections <c>Storage</c> and <c>Audit</c> and the variable <c>AIPLATFORM_KEY_PEPPER</c>. Options are validated at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not the section.</param>
    public static IServiceCollection AddAiPlatformStorage(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<CallAuditOptions>().Bind(configuration.GetSection(CallAuditOptions.Section));
        return services.AddAiPlatformStorage(options =>
        {
            configuration.GetSection(StorageOptions.Section).Bind(options);
            if (configuration[StorageOptions.KeyPepperVariable] is { Length: > 0 } pepper)
            {
                options.KeyPepper = pepper;
            }
        });
    }

    /// <summary>Adds <see cref="IApiKeyStore"/>, <see cref="IServerSeal"/>, <see cref="IReindexJobStore"/>, <see cref="StateDatabase"/>, <see cref="IAccessAudit"/> and <see cref="ICallAudit"/>. Options are validated at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddAiPlatformStorage(this IServiceCollection services, Action<StorageOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddReindexJobStore(configure);
        services.TryAddSingleton<RandomFill>(RandomNumberGenerator.Fill);
        services.TryAddSingleton<KeyPepper>();
        services.TryAddSingleton<IServerSeal, PepperSeal>();
        services.TryAddSingleton<IStorageProbe, SqlStorageProbe>();
        services.TryAddSingleton<IAccessAudit, SqlAccessAudit>();
        services.AddOptions<CallAuditOptions>().ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton<ICallAudit, SqlCallAudit>();
        services.TryAddSingleton<IApiKeyStore, SqlApiKeyStore>();
        services.AddHostedService<StorageStart>();
        return services.AddLogging();
    }

    /// <summary>Adds <see cref="IReindexJobStore"/> and <see cref="StateDatabase"/> alone, for what needs neither keys nor audit. The database is opened with the first use. Options are validated at start.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    public static IServiceCollection AddReindexJobStore(this IServiceCollection services, Action<StorageOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddOptions<StorageOptions>().Configure(configure).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StorageOptions>, StorageOptionsValidator>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SqlDatabase>();
        services.TryAddSingleton(provider => new StateDatabase(provider.GetRequiredService<SqlDatabase>()));
        services.TryAddSingleton<IReindexJobStore, SqlReindexJobStore>();
        return services.AddLogging();
    }

    /// <summary>Adds the policy file of the section <c>Policy</c> as <see cref="IAccessPolicySource"/> and <see cref="PolicyFileSource"/>, read when it is first resolved.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not the section.</param>
    public static IServiceCollection AddAiPlatformPolicyFile(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<PolicyFileOptions>().Bind(configuration.GetSection(PolicyFileOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PolicyFileSource>();
        services.TryAddSingleton<IAccessPolicySource>(provider => provider.GetRequiredService<PolicyFileSource>());
        return services.AddLogging();
    }
}
