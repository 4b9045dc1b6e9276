namespace AiPlatform.Storage.Policy;

/// <summary>A node of the file with its place.</summary>
internal abstract record YamlNode(long Line, long Column);
