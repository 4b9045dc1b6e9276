using System.Collections.Immutable;
using AiPlatform.McpServer.Hosting;

namespace AiPlatform.McpServer.Connect;

/// <summary>The command that serves over standard input and output, for clients that start their servers themselves.</summary>
/// <param name="Command">The program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables it needs, in order, without the key.</param>
internal sealed record StdioLaunch(string Command, ImmutableArray<string> Arguments, ImmutableArray<KeyValuePair<string, string>> Environment)
{
    /// <summary>Names the policy file.</summary>
    public const string PolicyVariable = "Policy__Path";

    /// <summary>With paths for a reader to replace.</summary>
    public static StdioLaunch Example { get; } = Of("dotnet", ["/path/to/AiPlatform.McpServer.dll"], "/path/to/data", [new(PolicyVariable, "/path/to/policy.yaml")]);

    /// <summary>This program over this data folder. A client starts it in a folder of its own choice, so every path is absolute.</summary>
    public static StdioLaunch Of(IConfiguration configuration, IHostEnvironment environment)
    {
        var program = System.Environment.ProcessPath ?? "dotnet";
        var policy = Path.GetFullPath(configuration["Policy:Path"] ?? "policy.yaml");
        KeyValuePair<string, string>[] variables = [new("ASPNETCORE_ENVIRONMENT", environment.EnvironmentName), new(PolicyVariable, policy)];
        return string.Equals(Path.GetFileNameWithoutExtension(program), "dotnet", StringComparison.OrdinalIgnoreCase)
            ? Of("dotnet", [Path.Combine(AppContext.BaseDirectory, typeof(StdioLaunch).Assembly.GetName().Name + ".dll")], ServerPaths.Data(configuration), variables)
            : Of(program, [], ServerPaths.Data(configuration), variables);
    }

    private static StdioLaunch Of(string command, ImmutableArray<string> program, string data, ReadOnlySpan<KeyValuePair<string, string>> environment) =>
        new(command, [.. program, "--stdio", "--data", data], [.. environment]);
}
