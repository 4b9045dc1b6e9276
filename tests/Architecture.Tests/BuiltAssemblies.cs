using System.Reflection;
using Mono.Cecil;

namespace AiPlatform.Architecture.Tests;

/// <summary>The assemblies of src as they were built beside the tests.</summary>
internal static class BuiltAssemblies
{
    public static IReadOnlyList<string> Names { get; } = ["Core", "Search", "Storage", "Router", "Indexer", "McpServer"];

    public static IReadOnlyList<AssemblyDefinition> Definitions { get; } = [.. Names.Select(n => Read($"AiPlatform.{n}.dll"))];

    public static IReadOnlyList<Assembly> Loaded { get; } = [.. Names.Select(n => Assembly.Load($"AiPlatform.{n}"))];

    /// <summary>This test assembly, whose Fixtures folder holds the offenders that prove each guard can fail.</summary>
    public static AssemblyDefinition Self { get; } = Read("AiPlatform.Architecture.Tests.dll");

    private static AssemblyDefinition Read(string file)
    {
        var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(AppContext.BaseDirectory);
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location)!);
        var path = Path.Combine(AppContext.BaseDirectory, file);
        return AssemblyDefinition.ReadAssembly(path, new ReaderParameters
        {
            AssemblyResolver = resolver,
            ReadSymbols = File.Exists(Path.ChangeExtension(path, ".pdb")),
        });
    }
}
