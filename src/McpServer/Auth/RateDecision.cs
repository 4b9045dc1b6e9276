namespace AiPlatform.McpServer.Auth;

/// <summary>Whether a request may go on, and what is left.</summary>
/// <param name="Allowed">Whether the request may go on.</param>
/// <param name="RemainingMinute">Requests left in the last 60 seconds.</param>
/// <param name="RemainingDay">Requests left until midnight UTC.</param>
/// <param name="RetryAfterSeconds">When refused: seconds until a request is possible, at least 1; otherwise 0.</param>
internal readonly record struct RateDecision(bool Allowed, int RemainingMinute, int RemainingDay, int RetryAfterSeconds);
