namespace AiPlatform.McpServer.Connect;

/// <summary>One ready way to connect one client.</summary>
/// <param name="Client">Id of the client, as <c>connect --client</c> takes it.</param>
/// <param name="Title">Name of the client as people know it.</param>
/// <param name="Form">What <paramref name="Text"/> is.</param>
/// <param name="Place">Where it belongs: the file, or what it is run or opened with.</param>
/// <param name="Text">What to paste, run or open; lines end in LF.</param>
internal sealed record ClientSnippet(string Client, string Title, SnippetForm Form, string Place, string Text);
