namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>Nothing in the product may catch it.</summary>
internal sealed class SimulatedCrashException() : Exception("the process was killed here");
