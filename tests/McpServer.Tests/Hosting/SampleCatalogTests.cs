using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Hosting;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Hosting;

/// <summary>The demo's catalog over the real engine and storage, in a data folder of its own.</summary>
public sealed class SampleCatalogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-sample-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("Production", null, "sample", false)]
    [InlineData("Production", "sample", "sample", false)]
    [InlineData("Development", "garden", "garden", false)]
    [InlineData("Development", null, "sample", true)]
    [InlineData("Development", "sample", "sample", true)]
    public async Task Choose_IndexesTheSampleOnlyForTheDemo(string environment, string? asked, string chosen, bool indexed)
    {
        await using var platform = Open(environment);

        Assert.Equal(chosen, await platform.Services.GetRequiredService<SampleCatalog>().ChooseAsync(asked, default));

        var system = platform.Services.GetRequiredService<AccessScope.Issuer>().IssueSystem("test", "look at the sample");
        var generations = await platform.Services.GetRequiredService<ICatalogStore>().ListGenerationsAsync(system, SampleCatalog.Name, default);
        Assert.Equal(indexed, generations.Count > 0);
    }

    [Fact]
    public async Task Ensure_ManifestDamaged_NamesTheFolder()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_folder, "catalogs", SampleCatalog.Name)).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "manifest.json"), "junk");
        await using var platform = Open("Development");

        var damaged = await Assert.ThrowsAsync<InvalidDataException>(() => platform.Services.GetRequiredService<SampleCatalog>().EnsureAsync(default));

        Assert.Contains(folder, damaged.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Open_MakesADataFolderForItsOwnerOnly()
    {
        var data = Path.Combine(_folder, "data");
        await using var platform = Open("Production", data);

        Assert.True(Directory.Exists(data));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(data));
        }
    }

    private WebApplication Open(string environment, string? data = null) => ServerHost.Build(
        [$"--environment={environment}", $"--AIPLATFORM_DATA={data ?? _folder}", "--urls=http://127.0.0.1:0", "--Policy:Path=" + ServerPaths.SamplePolicy, "--Logging:LogLevel:Default=None"],
        builder =>
        {
            PlatformServices.Add(builder);
            builder.Services.AddSingleton<IAccessPolicySource>(new FixedPolicy());
        });
}
