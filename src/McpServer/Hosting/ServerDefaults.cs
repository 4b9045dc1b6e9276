using AiPlatform.Indexer.Jobs;
using Microsoft.Extensions.Configuration.Memory;

namespace AiPlatform.McpServer.Hosting;

/// <summary>Settings that hold unless anything else sets them.</summary>
internal static class ServerDefaults
{
    private const string OwnPolicy = "policy.yaml";

    public static void Apply(ConfigurationManager configuration, IHostEnvironment environment)
    {
        var defaults = new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "Information",
            // One line a request from the framework would cost more than the request.
            ["Logging:LogLevel:Microsoft.AspNetCore"] = "Warning",
            // What the scheduler of the worker says of itself.
            ["Logging:LogLevel:Quartz"] = "Warning",
            ["Storage:Path"] = ServerPaths.Database(configuration),
            // In development the demo's policy stands in until there is one of your own; elsewhere a missing policy is an error.
            ["Policy:Path"] = environment.IsDevelopment() && !File.Exists(OwnPolicy) ? ServerPaths.SamplePolicy : OwnPolicy,
        };
        if (environment.IsDevelopment())
        {
            defaults[$"{ConfiguredCatalogs.Section}:{SampleCatalog.Name}:Source"] = ServerPaths.SampleProducts;
            defaults[$"{ConfiguredCatalogs.Section}:{SampleCatalog.Name}:Mapping"] = ServerPaths.SampleMapping;
        }

        ((IConfigurationBuilder)configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
    }
}
