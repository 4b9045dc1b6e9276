using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Amazon.Runtime;
using Amazon.S3;
using AiPlatform.Indexer.Tests.Support;

namespace AiPlatform.Indexer.Tests.Sources;

/// <summary>An S3 server of someone else's: moto, from the Python environment of the variable PYTHON_TOOLS or the one that a <c>shared/python/setup.sh</c> above the repository makes.</summary>
public sealed partial class MotoServer : IAsyncLifetime
{
    private const string Variable = "PYTHON_TOOLS";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private Process? _process;

    /// <summary>Where it listens; null where there is none.</summary>
    public string? Url { get; private set; }

    public AmazonS3Client Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var tools = Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } named ? named : await SetUpAsync();
        var program = tools is null ? null : Path.Combine(tools, "bin", "moto_server");
        if (!File.Exists(program))
        {
            return;
        }

        _process = Process.Start(new ProcessStartInfo(program, ["-H", "127.0.0.1", "-p", "0"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        var url = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        void See(object _, DataReceivedEventArgs line)
        {
            if (line.Data is { } text && Running().Match(text) is { Success: true } match)
            {
                url.TrySetResult(match.Value);
            }
        }

        _process.ErrorDataReceived += See;
        _process.OutputDataReceived += See;
        _process.BeginErrorReadLine();
        _process.BeginOutputReadLine();
        Url = await url.Task.WaitAsync(Patience);
        Client = new AmazonS3Client(new BasicAWSCredentials("test", "test"), new AmazonS3Config { ServiceURL = Url, ForcePathStyle = true, AuthenticationRegion = "us-east-1" });
    }

    public async Task DisposeAsync()
    {
        Client?.Dispose();
        if (_process is { } process)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>A bucket of its own, with objects; skips the test where there is no server.</summary>
    public async Task<string> BucketAsync(params (string Key, byte[] Content)[] objects)
    {
        Skip.If(Url is null, $"There is no moto_server: set {Variable} to a Python environment that has it.");
        var bucket = "b" + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal).ToLower(CultureInfo.InvariantCulture);
        await Client.PutBucketAsync(bucket);
        foreach (var (key, content) in objects)
        {
            await PutAsync(bucket, key, content);
        }

        return bucket;
    }

    public async Task PutAsync(string bucket, string key, byte[] content)
    {
        using var stream = new MemoryStream(content);
        await Client.PutObjectAsync(new Amazon.S3.Model.PutObjectRequest { BucketName = bucket, Key = key, InputStream = stream });
    }

    private static async Task<string?> SetUpAsync()
    {
        for (var folder = new DirectoryInfo(Repository.Root); folder is not null; folder = folder.Parent)
        {
            var setup = Path.Combine(folder.FullName, "shared", "python", "setup.sh");
            if (!File.Exists(setup))
            {
                continue;
            }

            using var process = Process.Start(new ProcessStartInfo("bash", [setup]) { RedirectStandardOutput = true })!;
            using var timeout = new CancellationTokenSource(Patience);
            var output = await process.StandardOutput.ReadToEndAsync(timeout.Token);
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode == 0 ? output.Split('\n').Where(l => l.StartsWith(Variable + "=", StringComparison.Ordinal)).Select(l => l[(Variable.Length + 1)..].Trim()).LastOrDefault() : null;
        }

        return null;
    }

    [GeneratedRegex(@"http://127\.0\.0\.1:\d+")]
    private static partial Regex Running();
}
