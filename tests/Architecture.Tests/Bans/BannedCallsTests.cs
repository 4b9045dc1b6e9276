using AiPlatform.Architecture.Tests.Fixtures;
using Xunit;

namespace AiPlatform.Architecture.Tests.Bans;

public sealed class BannedCallsTests
{
    [Theory]
    [MemberData(nameof(Assemblies))]
    public void BuiltCode_Calls_NothingBanned(string assembly) =>
        Assert.Empty(BannedCalls.Violations(BuiltAssemblies.Definitions.Single(a => a.Name.Name == $"AiPlatform.{assembly}")));

    public static TheoryData<string> Assemblies() => [.. BuiltAssemblies.Names];

    [Theory]
    [InlineData(nameof(BannedCaller.Clock))]
    [InlineData(nameof(BannedCaller.Result))]
    [InlineData(nameof(BannedCaller.ValueResult))]
    [InlineData(nameof(BannedCaller.Blocked))]
    [InlineData(nameof(BannedCaller.BlockedInsideAsync))]
    [InlineData(nameof(BannedCaller.WaitFor))]
    [InlineData(nameof(BannedCaller.Sleep))]
    [InlineData(nameof(BannedCaller.Client))]
    [InlineData(nameof(BannedCaller.Id))]
    [InlineData(nameof(BannedCaller.Dice))]
    [InlineData(nameof(BannedCaller.Cache))]
    public void Guard_BannedCall_IsFound(string method) =>
        Assert.Contains(BannedCalls.Violations(BuiltAssemblies.Self), v => v.Contains(nameof(BannedCaller), StringComparison.Ordinal) && IsAbout(v, method));

    [Fact]
    public void Guard_OrdinaryAwait_IsNotFound() =>
        Assert.DoesNotContain(BannedCalls.Violations(BuiltAssemblies.Self), v => IsAbout(v, nameof(BannedCaller.OrdinaryAsync)));

    [Fact]
    public void Analyzer_BansTheSame_InEverySourceProject()
    {
        var symbols = File.ReadAllText(Repository.At("src", "BannedSymbols.txt"));
        foreach (var member in new[] { "DateTime.Now", "DateTime.UtcNow", "Task`1.Result", "Task.Wait", "Thread.Sleep", "HttpClient.#ctor", "Guid.NewGuid", "Random.Shared", "MemoryCache", "ValueTask`1.Result", "TaskAwaiter.GetResult" })
        {
            Assert.Contains(member, symbols, StringComparison.Ordinal);
        }

        Assert.Contains("BannedSymbols.txt", File.ReadAllText(Repository.At("Directory.Build.props")), StringComparison.Ordinal);
    }

    private static bool IsAbout(string violation, string method) =>
        violation.Contains($"::{method}(", StringComparison.Ordinal) || violation.Contains($"/<{method}>", StringComparison.Ordinal);
}
