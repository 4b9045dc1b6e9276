namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>A recorded text in the repository. With the variable AIPLATFORM_WRITE_SNAPSHOTS=1 the tests write it anew instead of comparing: look at the difference before you commit it.</summary>
internal static class Snapshot
{
    private const string WriteVariable = "AIPLATFORM_WRITE_SNAPSHOTS";

    /// <param name="path">Path in the repository.</param>
    /// <param name="now">What it should hold.</param>
    public static void Assert(string path, string now)
    {
        var file = Path.Combine(Root(), Path.Combine(path.Split('/')));
        now = now.ReplaceLineEndings("\n");
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            File.WriteAllText(file, now);
            return;
        }

        var recorded = File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "";
        if (recorded != now)
        {
            var (was, becomes) = FirstDifference(recorded.Split('\n'), now.Split('\n'));
            Xunit.Assert.Fail($"{path} is out of date. If the change is meant, run the tests of this project once with {WriteVariable}=1. First difference:\n- {was}\n+ {becomes}");
        }
    }

    private static (string Was, string Becomes) FirstDifference(string[] recorded, string[] now)
    {
        var line = recorded.Zip(now).TakeWhile(l => l.First == l.Second).Count();
        return (recorded.ElementAtOrDefault(line) ?? "(end)", now.ElementAtOrDefault(line) ?? "(end)");
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        }

        return folder;
    }
}
