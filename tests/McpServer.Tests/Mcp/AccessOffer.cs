namespace AiPlatform.McpServer.Tests.Mcp;

/// <summary>Something beside tools that a server offers, and a request that reads it.</summary>
/// <param name="Name">Its kind and its name, as <see cref="AccessMatrixTests"/> finds it in the server's lists.</param>
/// <param name="Method">The request's method.</param>
/// <param name="Parameters">The parameters of a request about the sample catalog.</param>
/// <param name="Missing">The same about something that does not exist.</param>
/// <param name="Header">Which parameter the name header repeats; null for none.</param>
internal sealed record AccessOffer(string Name, string Method, string Parameters, string Missing, string? Header);
