using AiPlatform.Storage.Outbound;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Adds access tokens to the server.</summary>
internal static class OAuthServices
{
    public static IServiceCollection AddAccessTokens(this IServiceCollection services)
    {
        services.AddOptions<OAuthOptions>().BindConfiguration(OAuthOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<OAuthOptions>, OAuthOptionsValidator>());
        AddClient(services, IssuerKeys.PublicClient, allowInternal: false);
        AddClient(services, IssuerKeys.InternalClient, allowInternal: true);
        services.AddSingleton<OAuthResource>();
        services.AddSingleton<TrustedIssuers>();
        services.AddSingleton<VerifiedTokens>();
        services.AddSingleton<TokenVerifier>();
        services.AddSingleton<TokenAuthentication>();
        services.AddSingleton<BearerChallenge>();
        return services;
    }

    private static void AddClient(IServiceCollection services, string name, bool allowInternal) =>
        services.AddHttpClient(name)
            .ConfigurePrimaryHttpMessageHandler(() => new GuardedConnect(allowInternal).CreateHandler())
            // One line a fetch is written by the key cache; four by the framework say no more.
            .RemoveAllLoggers();
}
