using System.Collections.Frozen;
using AiPlatform.Router.Providers;
using AiPlatform.Router.Providers.OpenAi;
using AiPlatform.Router.Routing;
using AiPlatform.Router.Targets;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.Router;

/// <summary>Registers the router.</summary>
public static class RouterServices
{
    /// <summary>Name of the client that connects to providers.</summary>
    internal const string HttpClientName = "AiPlatform.Router";

    /// <summary>Connections to one host at most; further calls wait. Each region has a host of its own, and so connections of its own.</summary>
    private const int MaxConnections = 256;
    private static readonly TimeSpan Recycle = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Connect = TimeSpan.FromSeconds(5);

    /// <summary>Adds the section <c>Router</c>, validated at start, the decisions and the pipeline as the one <see cref="IChatClient"/>. Needs a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configuration">The application's configuration, not a section.</param>
    public static IServiceCollection AddRouter(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddOptions<RouterOptions>().Bind(configuration.GetSection(RouterOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RouterOptions>, RouterOptionsValidator>());
        services.AddHttpClient(HttpClientName, http => http.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(Handler)
            // Adapters keep their client: the handler follows changes of addresses by itself.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // Every request would be a line; what fails is told by whoever repeats it.
            .RemoveAllLoggers();
        services.AddSingleton<IChatProvider, OpenAiProvider>();
        services.AddSingleton(p => new TargetPool(p.GetRequiredService<IOptions<RouterOptions>>().Value.Models.Select(ModelTargets.Of), p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<IModelRouter, ModelRouter>();
        services.AddSingleton<IChatClient>(Pipeline);
        return services;
    }

    private static FailoverChatClient Pipeline(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<RouterOptions>>().Value;
        var providers = services.GetServices<IChatProvider>().ToFrozenDictionary(p => p.Kind, StringComparer.Ordinal);
        var clients = options.Models
            .Select(m => (Target: ModelTargets.Of(m), Settings: ModelTargets.SettingsOf(m)))
            .ToFrozenDictionary(m => m.Target.Target.Id, m => providers[m.Target.Kind].Create(m.Target, m.Settings), StringComparer.Ordinal);
        return new FailoverChatClient(
            services.GetRequiredService<IModelRouter>(),
            services.GetRequiredService<TargetPool>(),
            health => clients[health.Target.Target.Id],
            new FailoverOptions(TimeSpan.FromSeconds(options.DeadlineSeconds), options.Retries, TimeSpan.FromMilliseconds(options.FirstPauseMilliseconds)),
            services.GetRequiredService<TimeProvider>());
    }

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = Connect,
        MaxConnectionsPerServer = MaxConnections,
        PooledConnectionLifetime = Recycle,
        PooledConnectionIdleTimeout = Idle,
    };
}
