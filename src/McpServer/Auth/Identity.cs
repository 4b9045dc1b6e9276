using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Auth;

/// <summary>Who was authenticated, before its rights are judged.</summary>
/// <param name="Facts">What is known of it.</param>
/// <param name="Whole">The caller with all its groups; the same object while nothing changed. Throws <see cref="AccessRefusedException"/> for too many groups.</param>
internal sealed record Identity(CallerFacts Facts, Func<Caller> Whole);
