namespace AiPlatform.Clients.Tests.Support;

/// <summary>The folder <c>npm</c> beside these sources, whose packages are installed by the test command.</summary>
internal static class NpmFolder
{
    private const string Missing =
        "The npm packages of tests/Clients.Tests/npm are not installed: run npm ci there (needs npm and its registry).";

    public static string Root { get; } = Path.Combine(Repository.Root, "tests", "Clients.Tests", "npm");

    public static bool IsInstalled => File.Exists(Node) && Directory.Exists(Path.Combine(Root, "node_modules", "@modelcontextprotocol", "sdk"));

    private static string Node => Path.Combine(Root, "node_modules", "node", "bin", "node");

    /// <summary>A test without the packages is skipped, and says so.</summary>
    public static void Require() => Skip.IfNot(IsInstalled, Missing);

    /// <summary>Runs a script with the pinned Node.</summary>
    /// <param name="script">Path below the folder.</param>
    /// <param name="arguments">What the script reads.</param>
    /// <param name="environment">Added to the environment of the tests.</param>
    public static Task<ProgramResult> RunAsync(string script, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        Require();
        return ForeignProgram.RunAsync(Node, [Path.Combine(Root, script), .. arguments], environment);
    }
}
