namespace AiPlatform.McpServer.Connect;

/// <summary>What a snippet is, and so what a person does with it.</summary>
internal enum SnippetForm
{
    /// <summary>The content of a JSON file, or what to merge into it.</summary>
    File,

    /// <summary>One line for a POSIX shell.</summary>
    Command,

    /// <summary>An address to open, which installs the server in the client.</summary>
    Link,
}
