using System.Diagnostics;

namespace AiPlatform.Bench.Mcp;

/// <summary>An executable of this repository, built in Release beside the benchmark, run as a user would run it.</summary>
internal static class BuiltProgram
{
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(5);

    /// <summary>How to start it: output is redirected, the working directory is the repository's root.</summary>
    /// <exception cref="FileNotFoundException">It is not built.</exception>
    public static ProcessStartInfo Prepare(string project, params string[] arguments)
    {
        var program = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", $"AiPlatform.{project}", "release", $"AiPlatform.{project}.dll"));
        if (!File.Exists(program))
        {
            throw new FileNotFoundException($"{project} is not built: dotnet build -c Release src/{project}", program);
        }

        return new ProcessStartInfo("dotnet", [program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = RepositoryRoot(),
        };
    }

    /// <summary>Runs to the end and answers what it printed.</summary>
    /// <exception cref="InvalidOperationException">It failed; the message holds what it said.</exception>
    public static async Task<string> RunAsync(ProcessStartInfo start, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(RunLimit);
        using var process = Process.Start(start) ?? throw new InvalidOperationException("dotnet did not start.");
        try
        {
            var error = process.StandardError.ReadToEndAsync(limit.Token);
            var output = await process.StandardOutput.ReadToEndAsync(limit.Token).ConfigureAwait(false);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return process.ExitCode == 0 ? output : throw new InvalidOperationException($"{string.Join(' ', start.ArgumentList)} failed:{Environment.NewLine}{output}{await error.ConfigureAwait(false)}");
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    public static string RepositoryRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AiPlatform.sln")))
            {
                return folder.FullName;
            }
        }

        return Environment.CurrentDirectory;
    }
}
