using AiPlatform.Core.Access;
using AiPlatform.Storage;
using AiPlatform.Storage.Policy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.Indexer.Gates;

/// <summary>The policy whose groups the leak probes of a process without a server act as. It gives nobody a right.</summary>
internal static class ProbePolicy
{
    /// <summary>
    /// Adds the policy file as <see cref="IAccessPolicySource"/>, where the server would find it: <c>Policy:Path</c>, or <c>policy.yaml</c> in the working folder. Without
    /// either nothing is added, and the probes act as made-up callers only. Read when it is first resolved.
    /// </summary>
    public static IServiceCollection AddProbePolicy(this IServiceCollection services, IConfiguration configuration)
    {
        var settings = new PolicyFileOptions();
        var isNamed = !string.IsNullOrWhiteSpace(configuration[$"{PolicyFileOptions.Section}:{nameof(PolicyFileOptions.Path)}"]);
        return isNamed || File.Exists(settings.Path) ? services.AddAiPlatformPolicyFile(configuration) : services;
    }
}
