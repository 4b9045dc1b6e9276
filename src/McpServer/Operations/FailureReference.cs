using System.Security.Cryptography;

namespace AiPlatform.McpServer.Operations;

/// <summary>What a caller is told of a failure nobody expected: a reference to the log entry, and nothing else.</summary>
internal static class FailureReference
{
    private const int Bytes = 6;

    /// <summary>A new reference.</summary>
    public static string Create() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The sentence for a caller whose search engine is away.</summary>
    /// <param name="reference">From <see cref="Create"/>, and in the log.</param>
    public static string TellEngineAway(string reference) => $"The search engine cannot answer now. Try again in a while; if it goes on, report the reference {reference}.";

    /// <summary>The sentence for the caller.</summary>
    /// <param name="what">What failed: request or call.</param>
    /// <param name="reference">From <see cref="Create"/>, and in the log.</param>
    public static string Tell(string what, string reference) => $"The {what} failed. Try again; if it fails again, report the reference {reference}.";
}
