using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.OpenAi;

/// <summary>A request of <c>/v1</c> whose caller is known.</summary>
/// <param name="Http">The request.</param>
/// <param name="Caller">Who asks.</param>
/// <param name="RequestId">Its id, in the answer's headers too.</param>
internal sealed record OpenAiRequest(HttpContext Http, Caller Caller, string RequestId);
