namespace AiPlatform.Clients.Tests.Support;

/// <summary>A Python with the packages <c>mcp</c> and <c>httpx2</c>: the environment of the variable PYTHON_TOOLS, or the one that a <c>shared/python/setup.sh</c> above the repository makes.</summary>
internal static class PythonTools
{
    private const string Variable = "PYTHON_TOOLS";

    /// <summary>Runs a script of the folder <c>python</c>; skips the test where there is no such Python.</summary>
    public static async Task<ProgramResult> RunAsync(string script, IReadOnlyDictionary<string, string> environment)
    {
        var tools = Environment.GetEnvironmentVariable(Variable) ?? await SetUpAsync();
        Skip.If(tools is null, $"There is no Python with the MCP package: set {Variable} to an environment that has it.");
        return await ForeignProgram.RunAsync(Path.Combine(tools!, "bin", "python"), [Path.Combine(Repository.Root, "tests", "Clients.Tests", "python", script)], environment);
    }

    private static async Task<string?> SetUpAsync()
    {
        if (FindSetup() is not { } setup)
        {
            return null;
        }

        var run = await ForeignProgram.RunAsync("bash", [setup]);
        var line = run.Output.Split('\n').LastOrDefault(l => l.StartsWith(Variable + "=", StringComparison.Ordinal));
        return run.ExitCode == 0 ? line?[(Variable.Length + 1)..].Trim() : null;
    }

    private static string? FindSetup()
    {
        for (var folder = new DirectoryInfo(Repository.Root); folder is not null; folder = folder.Parent)
        {
            var setup = Path.Combine(folder.FullName, "shared", "python", "setup.sh");
            if (File.Exists(setup))
            {
                return setup;
            }
        }

        return null;
    }
}
