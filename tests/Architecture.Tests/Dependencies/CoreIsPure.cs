using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Dependencies;

/// <summary>Core is contracts and pure rules: it opens no file, no socket, no process and no database.</summary>
internal static class CoreIsPure
{
    private static readonly string[] IoNamespaces = ["System.Net", "System.Data", "System.Diagnostics.Process", "Microsoft.Data", "Npgsql", "Dapper"];

    private static readonly string[] IoTypes =
    [
        "System.IO.File", "System.IO.FileInfo", "System.IO.FileStream", "System.IO.Directory", "System.IO.DirectoryInfo",
        "System.IO.RandomAccess", "System.IO.StreamReader", "System.IO.StreamWriter", "System.Console",
    ];

    public static IEnumerable<string> Violations(AssemblyDefinition assembly) =>
        IlScan.Bodies(assembly)
            .SelectMany(m => IlScan.Calls(m).Select(c => (Method: m, Type: c.Target.DeclaringType.GetElementType().FullName)))
            .Where(c => IoTypes.Contains(c.Type, StringComparer.Ordinal) || IoNamespaces.Any(n => c.Type.StartsWith(n + ".", StringComparison.Ordinal) || c.Type == n))
            .Select(c => $"{c.Method.FullName} uses {c.Type}");
}
