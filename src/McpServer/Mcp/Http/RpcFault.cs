namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>A request that is answered with an error instead of being handled.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="RpcCode">JSON-RPC error code.</param>
/// <param name="Code">Stable snake_case code.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Offer">For an unsupported revision: what was asked for and what can be had.</param>
internal sealed record RpcFault(int Status, int RpcCode, string Code, string Message, VersionOffer? Offer = null);
