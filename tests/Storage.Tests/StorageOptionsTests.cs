using AiPlatform.Core.Access;
using AiPlatform.Storage.Policy;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Xunit;

namespace AiPlatform.Storage.Tests;

public sealed class StorageOptionsTests : IDisposable
{
    private readonly TestFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Validate_Default_IsValid() => Assert.True(new StorageOptionsValidator().Validate(null, new StorageOptions()).Succeeded);

    [Fact]
    public void Validate_SeveralFaults_AreReportedTogetherWithoutSecrets()
    {
        var failures = new StorageOptionsValidator().Validate(null, new StorageOptions { Provider = "postgres", KeyPepper = "hunter2" }).Failures!.ToArray();

        Assert.Equal(2, failures.Length);
        Assert.DoesNotContain(failures, f => f.Contains("hunter2", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mysql", "x", "Host=a", "mysql")]
    [InlineData("sqlite", " ", "", "Storage:Path")]
    [InlineData("postgres", "x", "Host=a;Passwort=geheim", "Storage:ConnectionString")]
    [InlineData("postgres", "x", "Host=a", "Storage:KeyPepper")]
    public void Validate_OneFault_NamesTheKey(string provider, string path, string connection, string expected)
    {
        var failures = new StorageOptionsValidator().Validate(null, new StorageOptions { Provider = provider, Path = path, ConnectionString = connection }).Failures!.ToArray();

        Assert.Contains(failures, f => f.Contains(expected, StringComparison.Ordinal));
        Assert.DoesNotContain(failures, f => f.Contains("geheim", StringComparison.Ordinal));
    }

    [Fact]
    public void ToString_TellsNoSecret() =>
        Assert.Equal("postgres", new StorageOptions { Provider = "postgres", ConnectionString = "Password=geheim", KeyPepper = "x" }.ToString());

    [Fact]
    public async Task AddAiPlatformStorage_FromConfiguration_GivesAWorkingStoreAndPolicy()
    {
        var pepper = new string('b', 64);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Storage:Path"] = _folder["a/b/state.db"],
            ["AIPLATFORM_KEY_PEPPER"] = pepper,
            ["Policy:Path"] = Path.Combine(TestFolder.Repository, "samples", "policy.yaml"),
        }).Build();
        await using var services = new ServiceCollection().AddAiPlatformStorage(configuration).AddAiPlatformPolicyFile(configuration).BuildServiceProvider();
        foreach (var start in services.GetServices<IHostedService>())
        {
            await start.StartAsync(default);
        }

        var issuer = new AccessScope.Issuer(() => services.GetRequiredService<IAccessPolicySource>().Current, services.GetRequiredService<IAccessAudit>());
        var keys = services.GetRequiredService<IApiKeyStore>();
        var issued = await keys.CreateAsync(issuer.IssueSystem("test", "setup"), new NewApiKey("n", ["eu-retail"], System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("region", "EU"), null), default);
        var record = await keys.AuthenticateAsync(issued.Secret, default);
        var scope = issuer.Issue(new CallerFacts(record!.Id, record.Groups, record.Attributes, DateTimeOffset.MaxValue));

        Assert.Equal("eu", scope.ProductsIn("sample", DateTimeOffset.UnixEpoch).Region);
        Assert.Equal(pepper, services.GetRequiredService<IOptions<StorageOptions>>().Value.KeyPepper);
        Assert.False(File.Exists(_folder["a/b/key-pepper"]));
        Assert.NotNull(services.GetRequiredService<PolicyFileSource>());
    }
}
