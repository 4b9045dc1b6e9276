namespace AiPlatform.Architecture.Tests.Fixtures;

public sealed record RecordCapability(string Subject);
