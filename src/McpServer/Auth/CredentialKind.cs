namespace AiPlatform.McpServer.Auth;

/// <summary>What a credential is by its form, before anything checks it.</summary>
internal enum CredentialKind
{
    /// <summary>Nothing is presented.</summary>
    None = 0,

    /// <summary>What is presented cannot be one credential: repeated, empty, too long, of another scheme, or two that differ.</summary>
    Invalid,

    /// <summary>An API key.</summary>
    Key,

    /// <summary>An access token.</summary>
    Token,
}
