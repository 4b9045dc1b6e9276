namespace AiPlatform.Bench.Engine;

/// <summary>A temporary folder that is gone when the benchmark ends.</summary>
internal sealed class BenchFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("aiplatform-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
