using AiPlatform.Clients.Tests.Support;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>The clients of both versions of the TypeScript SDK: npm/drive.mjs says what they do.</summary>
[Collection(RealServerCollection.Name)]
public sealed class TypeScriptTests(RealServer server)
{
    [SkippableTheory]
    [InlineData(RealServer.Administrators, Wire.Http)]
    [InlineData(RealServer.Administrators, Wire.Stdio)]
    [InlineData(RealServer.Europe, Wire.Http)]
    [InlineData(RealServer.America, Wire.Stdio)]
    public async Task FirstSdk_WholeRound_GetsWhatTheGroupMaySee(string group, Wire wire)
    {
        NpmFolder.Require();
        var run = await NpmFolder.RunAsync("typescript-sdk.mjs", [], server.PlanFor(group, wire, "legacy", "2025-11-25"));

        run.AssertSuccess();
    }

    [SkippableTheory]
    [InlineData(RealServer.Administrators, Wire.Http, "legacy", "2025-11-25")]
    [InlineData(RealServer.Administrators, Wire.Http, "auto", "2026-07-28")]
    [InlineData(RealServer.Administrators, Wire.Stdio, "auto", "2026-07-28")]
    [InlineData(RealServer.Europe, Wire.Http, "auto", "2026-07-28")]
    [InlineData(RealServer.America, Wire.Stdio, "legacy", "2025-11-25")]
    public async Task SecondSdk_WholeRound_GetsWhatTheGroupMaySee(string group, Wire wire, string mode, string revision)
    {
        NpmFolder.Require();
        var run = await NpmFolder.RunAsync("typescript-client.mjs", [], server.PlanFor(group, wire, mode, revision));

        run.AssertSuccess();
    }
}
