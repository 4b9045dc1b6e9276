namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Either a verified token, or why there is none.</summary>
internal readonly record struct TokenCheck(VerifiedToken? Token, TokenFault Fault)
{
    public static implicit operator TokenCheck(TokenFault fault) => new(null, fault);
}
