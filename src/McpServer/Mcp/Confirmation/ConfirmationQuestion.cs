namespace AiPlatform.McpServer.Mcp.Confirmation;

/// <summary>What somebody has to agree to.</summary>
/// <param name="Tool">The tool that would act.</param>
/// <param name="Message">What would happen, for the person who decides. Never a text of a product.</param>
/// <param name="Bound">Everything the agreement is for: the arguments in effect and the state of the catalog that the message tells. It holds for nothing else.</param>
internal sealed record ConfirmationQuestion(string Tool, string Message, string Bound);
