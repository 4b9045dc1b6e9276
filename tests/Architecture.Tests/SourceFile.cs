namespace AiPlatform.Architecture.Tests;

/// <summary>A file's path, relative to the root with forward slashes, and its text.</summary>
internal sealed record SourceFile(string Path, string Text)
{
    public IEnumerable<(int Number, string Line)> Lines => Text.Split('\n').Select((line, i) => (i + 1, line.TrimEnd('\r')));
}
