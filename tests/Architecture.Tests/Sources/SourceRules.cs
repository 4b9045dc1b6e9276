using System.Text.RegularExpressions;

namespace AiPlatform.Architecture.Tests.Sources;

/// <summary>Rules that only the text of the sources can tell.</summary>
internal static partial class SourceRules
{
    public const int FileLines = 600;

    // Cut in two so that this file does not break the rules it states.
    private static readonly string[] Unfinished = ["TO" + "DO", "FIX" + "ME", "NotImplemented" + "Exception", "HA" + "CK:"];

    private static readonly string[] MachinePaths = ["/wo" + "rk/", "/ro" + "ot/", "/home" + "/", "C:\\Us" + "ers\\"];

    private const string TemporaryFolder = "/t" + "mp/";

    /// <summary>One public type a file, and the file is named after it.</summary>
    public static IEnumerable<string> TypePerFile(SourceFile file)
    {
        var types = PublicType().Matches(file.Text).Select(m => m.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToArray();
        if (types.Length > 1)
        {
            yield return $"{file.Path}: {types.Length} public types ({string.Join(", ", types)})";
        }

        var name = Path.GetFileNameWithoutExtension(file.Path).Split('.')[0];
        if (types.Length == 1 && types[0] != name)
        {
            yield return $"{file.Path}: holds {types[0]}";
        }
    }

    public static IEnumerable<string> Size(SourceFile file)
    {
        var lines = file.Lines.Count();
        return lines > FileLines ? [$"{file.Path}: {lines} lines, more than {FileLines}"] : [];
    }

    public static IEnumerable<string> UnfinishedWork(SourceFile file) =>
        from line in file.Lines
        from mark in Unfinished
        where line.Line.Contains(mark, StringComparison.Ordinal)
        select $"{file.Path}:{line.Number}: {mark}";

    /// <summary>A warning is silenced only with the reason on the same line.</summary>
    public static IEnumerable<string> SilencedWithoutReason(SourceFile file) =>
        from line in file.Lines
        where (PragmaDisable().IsMatch(line.Line) && !ReasonComment().IsMatch(line.Line))
            || (line.Line.Contains("SuppressMessage(", StringComparison.Ordinal) && !line.Line.Contains("Justification = \"", StringComparison.Ordinal))
        select $"{file.Path}:{line.Number}: a warning is silenced without a reason on the line";

    /// <summary>Paths that exist on one machine only.</summary>
    public static IEnumerable<string> ForeignPaths(SourceFile file) =>
        from line in file.Lines
        from path in file.Path.StartsWith("tests/", StringComparison.Ordinal) ? MachinePaths : MachinePaths.Append(TemporaryFolder)
        where Regex.IsMatch(line.Line, @"(?<![\w.}\])>-])" + Regex.Escape(path), RegexOptions.None, TimeSpan.FromSeconds(1))
        select $"{file.Path}:{line.Number}: {path}";

    [GeneratedRegex(@"^public\s+(?:(?:static|sealed|abstract|partial|readonly|ref|unsafe|file)\s+)*(?:class|interface|enum|struct|record\s+struct|record\s+class|record|delegate\s+\S+)\s+(?<name>\w+)", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(@"^\s*#pragma\s+warning\s+disable")]
    private static partial Regex PragmaDisable();

    [GeneratedRegex(@"//\s*\S.{8,}")]
    private static partial Regex ReasonComment();
}
