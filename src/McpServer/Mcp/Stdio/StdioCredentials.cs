using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Stdio;

/// <summary>What the process was started with to say who calls, in the form every request carries it.</summary>
internal sealed class StdioCredentials
{
    /// <summary>Names the key in the environment, where no process list shows it.</summary>
    public const string KeyVariable = "AIPLATFORM_API_KEY";

    /// <param name="key">The API key.</param>
    /// <param name="groupContext">Groups that the caller narrows itself to, comma separated; null for all of its own.</param>
    public StdioCredentials(string key, string? groupContext)
    {
        Headers[PresentedCredential.KeyHeader] = key;
        if (groupContext is not null)
        {
            Headers[GroupContext.Header] = groupContext;
        }
    }

    public IHeaderDictionary Headers { get; } = new HeaderDictionary();
}
