namespace AiPlatform.McpServer.Tests.Auth.OAuth;

internal enum AuthorizationServerMood
{
    Well,
    Down,
    Silent,
    HugeKeys,
    RedirectsKeys,
}
