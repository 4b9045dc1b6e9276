namespace AiPlatform.Storage.Policy;

/// <summary>A sequence.</summary>
internal sealed record YamlList(List<YamlNode> Items, long Line, long Column) : YamlNode(Line, Column);
