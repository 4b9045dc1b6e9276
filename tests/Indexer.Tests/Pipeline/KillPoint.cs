namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>What is killed, and when.</summary>
/// <param name="IsReached">Whether it is time; asked all the time while the run is on.</param>
/// <param name="KillEngineAsync">Kills the engine and starts it again; null to kill the run itself.</param>
public sealed record KillPoint(Func<bool> IsReached, Func<Task>? KillEngineAsync = null);
