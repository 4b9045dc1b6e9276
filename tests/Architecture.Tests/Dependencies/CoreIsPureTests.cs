using Xunit;

namespace AiPlatform.Architecture.Tests.Dependencies;

public sealed class CoreIsPureTests
{
    [Fact]
    public void Core_DoesNo_InputOrOutput() =>
        Assert.Empty(CoreIsPure.Violations(BuiltAssemblies.Definitions.Single(a => a.Name.Name == "AiPlatform.Core")));

    [Fact]
    public void Guard_FileAccess_IsFound() =>
        Assert.Contains(CoreIsPure.Violations(BuiltAssemblies.Self), v => v.Contains("System.IO.File", StringComparison.Ordinal));
}
