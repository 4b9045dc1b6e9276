namespace AiPlatform.Architecture.Tests.Fixtures;

public class OpenCapability
{
    public string Subject { get; set; } = "";
}
