using AiPlatform.Clients.Tests.Support;

namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>The client of the Python SDK: python/drive.py says what it does.</summary>
[Collection(RealServerCollection.Name)]
public sealed class PythonTests(RealServer server)
{
    [SkippableTheory]
    [InlineData(RealServer.Administrators, Wire.Http, "auto", "2026-07-28")]
    [InlineData(RealServer.Administrators, Wire.Http, "legacy", "2025-11-25")]
    [InlineData(RealServer.Administrators, Wire.Stdio, "auto", "2026-07-28")]
    [InlineData(RealServer.Europe, Wire.Http, "2026-07-28", "2026-07-28")]
    [InlineData(RealServer.America, Wire.Stdio, "legacy", "2025-11-25")]
    public async Task Client_WholeRound_GetsWhatTheGroupMaySee(string group, Wire wire, string mode, string revision)
    {
        var run = await PythonTools.RunAsync("drive.py", server.PlanFor(group, wire, mode, revision));

        run.AssertSuccess();
    }
}
