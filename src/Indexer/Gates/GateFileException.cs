namespace AiPlatform.Indexer.Gates;

/// <summary>A file that a gate needs is missing or wrong. A gate that cannot measure does not let pass.</summary>
/// <param name="message">What is wrong and where.</param>
internal sealed class GateFileException(string message) : Exception(message);
