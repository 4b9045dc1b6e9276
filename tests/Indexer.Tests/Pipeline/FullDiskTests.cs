using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Pipeline;

/// <summary>
/// A real disk that is full: the data folder is a small tmpfs in a mount namespace of its own, and a real process builds in it. Needs the right to mount, as root or in a namespace of its own, and is skipped visibly
/// without.
/// </summary>
public sealed class FullDiskTests : IDisposable
{
    private const string NoRight = "no right to mount";

    /// <summary>Runs the first source with room, the second with more and more of it, and again with plenty. Each run is a line: KiB of room, exit code, what verify says, the generations.</summary>
    private const string Script = """
        set -u
        mount -t tmpfs -o size=512m tmpfs "$DATA" || { echo "no right to mount"; exit 0; }
        reindex() { dotnet "$INDEXER" reindex --source "$1" --mapping "$MAPPING" --catalog disk --data "$DATA" --checkpoint 200 --max-deleted 100% --json >"$OUT/out" 2>"$OUT/error"; }
        look() {
          echo "$1 $2 $(dotnet "$INDEXER" verify --catalog disk --data "$DATA" --json | tr -d '\n ') $(dotnet "$INDEXER" generations --catalog disk --data "$DATA" --json | tr -d '\n ')"
          echo "error $(tr '\n' '|' <"$OUT/error")"
        }
        reindex "$FIRST"; look 0 $?
        for room in $ROOMS; do
          used=$(df -k --output=used "$DATA" | tail -1)
          mount -o remount,size=$((used + room))k "$DATA"
          reindex "$SECOND"; code=$?
          mount -o remount,size=512m "$DATA"
          look $room $code
        done
        reindex "$SECOND"; look 524288 $?
        echo "report $(tr -d '\n' <"$OUT/out")"
        """;

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [SkippableFact]
    public async Task Build_OnAFullDisk_EndsAsDocumented_AndGoesOnWhenThereIsRoom()
    {
        Skip.IfNot(OperatingSystem.IsLinux(), "there is no tmpfs here");
        var lines = await RunAsync("300 1500 4000");
        Skip.If(lines.Length == 0 || lines[0] == NoRight, "this user may not mount a disk of its own");
        var runs = lines.Where(l => char.IsAsciiDigit(l[0])).Select(l => l.Split(' ')).ToList();
        var errors = lines.Where(l => l.StartsWith("error ", StringComparison.Ordinal)).ToList();
        var all = string.Join('\n', lines);
        Assert.Equal(5, runs.Count);
        Assert.All(runs, r => Assert.Contains("\"sound\":true", r[2], StringComparison.Ordinal));
        Assert.True(runs[0][1] == "0" && runs[^1][1] == "0", all);
        var failed = runs.Zip(errors).Where(r => r.First[1] != "0").ToList();
        Assert.True(failed.Count >= 2, all);
        Assert.All(failed, f =>
        {
            Assert.Equal("1", f.First[1]);
            Assert.True(f.Second.Contains("No space left on device", StringComparison.Ordinal) || f.Second.Contains("disk is full", StringComparison.Ordinal), f.Second);
            Assert.DoesNotContain("   at ", f.Second, StringComparison.Ordinal);

            // Live is what it was.
            Assert.Equal(runs[0][3], f.First[3]);
        });
        var report = JsonDocument.Parse(lines.Single(l => l.StartsWith("report ", StringComparison.Ordinal))["report ".Length..]).RootElement;
        Assert.Equal(3_000, report.GetProperty("accepted").GetInt32());
    }

    private async Task<string[]> RunAsync(string rooms)
    {
        var start = new ProcessStartInfo("unshare", ["--mount", "bash", "-c", Script]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in ((string, string)[])
        [
            ("DATA", Directory.CreateDirectory(_folder["data"]).FullName), ("OUT", _folder.Path), ("INDEXER", Path.Combine(AppContext.BaseDirectory, "AiPlatform.Indexer.dll")),
            ("MAPPING", _folder.Write("disk.yaml", IndexFixture.Yaml)), ("FIRST", Source("first", 300)), ("SECOND", Source("second", 3_000)), ("ROOMS", rooms),
        ])
        {
            start.Environment[name] = value;
        }

        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? output.Split('\n', StringSplitOptions.RemoveEmptyEntries) : throw new InvalidOperationException($"{output} {await error}");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return [];
        }
    }

    private string Source(string text, int count)
    {
        var random = new Random(7);
        string[] words = [.. Enumerable.Range(0, 4_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"word{i}"))];
        return _folder.Write(text + ".jsonl", string.Concat(Enumerable.Range(0, count).Select(i =>
            $$"""{"id":"p{{i}}","name":"Product {{i}} {{words[random.Next(words.Length)]}}","text":"{{text}} {{string.Join(' ', Enumerable.Range(0, 120).Select(_ => words[random.Next(words.Length)]))}}","price":{{i}}}""" + "\n")));
    }
}
