using System.Text.Json;
using AiPlatform.Search.Tests.Vectors;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch.Support;

/// <summary>An exchange recorded from a real node, from <c>shared/opensearch/transcripts</c> in a folder above the repository; absent, the test is skipped visibly.</summary>
internal sealed class Transcript
{
    private readonly JsonElement _root;

    private Transcript(JsonElement root) => _root = root;

    public int Status => _root.GetProperty("response").GetProperty("status").GetInt32();

    public string Body => _root.GetProperty("response").GetProperty("body").GetRawText();

    /// <summary>What the node answered.</summary>
    public Func<HttpContext, Task> Answer => StubCluster.Says(Status, Body);

    /// <summary>Reads one by version and number, such as <c>12-bulk-mixed</c>.</summary>
    public static Transcript Read(string version, string name)
    {
        string? folder = null;
        for (var above = new DirectoryInfo(RepositoryFiles.Root); above is not null && folder is null; above = above.Parent)
        {
            var candidate = Path.Combine(above.FullName, "shared", "opensearch", "transcripts", version);
            folder = Directory.Exists(candidate) ? candidate : null;
        }

        Skip.If(folder is null, $"The transcripts of OpenSearch {version} are not beside the repository; they were not replayed");
        return new Transcript(JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder!, name + ".json"))).RootElement);
    }
}
