namespace AiPlatform.Storage.Policy;

/// <summary>A mapping in the order of the file; duplicates are still in it.</summary>
internal sealed record YamlMap(List<YamlEntry> Entries, long Line, long Column) : YamlNode(Line, Column);
