using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Sources;

/// <summary>Methods fit a screen or two. Measured in source lines from the debug symbols, so generated code is left out.</summary>
internal static class MethodSize
{
    public const int Lines = 120;

    public static IEnumerable<string> Violations(AssemblyDefinition assembly) => Violations(assembly, Lines);

    public static IEnumerable<string> Violations(AssemblyDefinition assembly, int bound)
    {
        if (!assembly.MainModule.HasSymbols)
        {
            yield return $"{assembly.Name.Name}: no symbols beside the assembly";
        }

        foreach (var method in IlScan.Bodies(assembly).Where(m => !m.IsConstructor && m.DebugInformation.HasSequencePoints))
        {
            var points = method.DebugInformation.SequencePoints.Where(p => !p.IsHidden && !p.Document.Url.Contains(".g.cs", StringComparison.Ordinal)).ToArray();
            var lines = points.Length == 0 ? 0 : points.Max(p => p.EndLine) - points.Min(p => p.StartLine) + 1;
            if (lines > bound)
            {
                yield return $"{method.FullName}: {lines} lines, more than {bound}";
            }
        }
    }
}
