namespace AiPlatform.Clients.Tests.Support;

/// <summary>How a program ended.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    /// <summary>Fails the test with everything the program said.</summary>
    public void AssertSuccess() => Assert.True(ExitCode == 0, $"exit code {ExitCode}\n{Output}\n{Error}");
}
