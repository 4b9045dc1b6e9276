using System.CommandLine;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Console;
using AiPlatform.Storage;
using AiPlatform.Storage.Policy;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Console;

/// <summary>The commands run in-process over a real SQLite store and the sample policy.</summary>
public sealed class ConsoleCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-cli-").FullName;
    private readonly ServiceProvider _services;

    public ConsoleCommandTests()
    {
        var policy = PolicyFile.Load(Path.Combine(RepositoryRoot(), "samples", "policy.yaml")).Policy!;
        var services = new ServiceCollection()
            .AddSingleton<IAccessPolicySource>(new Fixed(policy))
            .AddSingleton(s => new AccessScope.Issuer(() => policy, s.GetRequiredService<IAccessAudit>()));
        services.AddAiPlatformStorage(o => o.Path = Path.Combine(_folder, "state.db"));
        _services = services.BuildServiceProvider();
    }

    public void Dispose()
    {
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task KeysCreate_PrintsWorkingSecretOnceAndListNeverShowsIt()
    {
        var (code, output, error) = await RunAsync("keys", "create", "--name", "demo", "--group", "EU-retail", "--group", "partners", "--attribute", "region=EU", "--expires-days", "7");
        var secret = output.Split().Single(w => w.StartsWith("aip_", StringComparison.Ordinal));
        var listed = await RunAsync("keys", "list");

        Assert.Equal((0, ""), (code, error));
        var record = await _services.GetRequiredService<IApiKeyStore>().AuthenticateAsync(secret, default);
        Assert.Equal("eu-retail,partners", string.Join(',', record!.Groups));
        Assert.Equal("EU", record.Attributes["region"]);
        Assert.InRange(record.ExpiresAt!.Value - record.CreatedAt, TimeSpan.FromDays(7) - TimeSpan.FromMinutes(1), TimeSpan.FromDays(7) + TimeSpan.FromMinutes(1));
        Assert.Contains(secret[..12], listed.Output, StringComparison.Ordinal);
        Assert.Contains("active", listed.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(secret[13..], listed.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysCreate_WithoutAnAttributeThatAGroupFiltersBy_Warns()
    {
        var (code, output, error) = await RunAsync("keys", "create", "--name", "demo", "--group", "eu-retail");

        Assert.Equal(0, code);
        Assert.Contains("aip_", output, StringComparison.Ordinal);
        Assert.Contains("sees nothing through eu-retail until it has the attribute region", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysCreate_Json_IsReadable()
    {
        var (code, output, _) = await RunAsync("keys", "create", "--name", "demo", "--group", "partners", "--json");

        using var answer = JsonDocument.Parse(output);
        Assert.Equal(0, code);
        Assert.StartsWith("aip_", answer.RootElement.GetProperty("secret").GetString(), StringComparison.Ordinal);
        Assert.Equal("partners", answer.RootElement.GetProperty("key").GetProperty("groups")[0].GetString());
        Assert.Equal(JsonValueKind.Null, answer.RootElement.GetProperty("key").GetProperty("expiresAt").ValueKind);
    }

    [Theory]
    [InlineData("nobody", "region=EU", "no group nobody")]
    [InlineData("partners", "planet=mars", "no attribute planet")]
    public async Task KeysCreate_WhatThePolicyLacks_IsRefusedWithTheChoices(string group, string attribute, string expected)
    {
        var (code, output, error) = await RunAsync("keys", "create", "--name", "x", "--group", group, "--attribute", attribute);

        Assert.Equal(1, code);
        Assert.Equal("", output);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.Contains("(no keys)", (await RunAsync("keys", "list")).Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("keys create --group partners", "--name")]
    [InlineData("keys create --name x", "--group")]
    [InlineData("keys create --name x --group partners --expires-days 0", "--expires-days")]
    [InlineData("keys create --name x --group partners --expires-days soon", "--expires-days")]
    [InlineData("keys create --name x --group partners --attribute region", "name=value")]
    [InlineData("keys create --name x --group partners --attribute region=EU --attribute Region=US", "twice")]
    [InlineData("keys revoke", "key")]
    [InlineData("policy check", "file")]
    public void CommandLine_Wrong_IsAParseErrorThatNamesTheOption(string line, string expected)
    {
        var parsed = Root().Parse(line);

        Assert.Contains(parsed.Errors, e => e.Message.Contains(expected, StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeysRevoke_ByPrefixOrWholeKey_StopsIt()
    {
        var created = await RunAsync("keys", "create", "--name", "x", "--group", "partners", "--json");
        var secret = JsonDocument.Parse(created.Output).RootElement.GetProperty("secret").GetString()!;

        var (code, output, _) = await RunAsync("keys", "revoke", secret);

        Assert.Equal(0, code);
        Assert.DoesNotContain(secret[13..], output, StringComparison.Ordinal);
        Assert.Null(await _services.GetRequiredService<IApiKeyStore>().AuthenticateAsync(secret, default));
        Assert.Contains("revoked", (await RunAsync("keys", "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task KeysRevoke_Unknown_Fails()
    {
        var (code, _, error) = await RunAsync("keys", "revoke", "key_nothing");

        Assert.Equal(1, code);
        Assert.Contains("keys list", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PolicyCheck_Sample_IsUsableWithoutWarnings()
    {
        var (code, output, _) = await RunAsync("policy", "check", Path.Combine(RepositoryRoot(), "samples", "policy.yaml"), "--strict");

        Assert.Equal(0, code);
        Assert.Contains("eu-retail: basic, sees public, 2 data filters; products:read", output, StringComparison.Ordinal);
        Assert.EndsWith("usable: 0 errors, 0 warnings", output.TrimEnd(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task PolicyCheck_Broken_NamesLineAndField()
    {
        var file = Path.Combine(_folder, "policy.yaml");
        await File.WriteAllTextAsync(file, "groups:\n  a:\n    tier: gold\n    dataFilters:\n      - field: region\n        operator: like\n        values: [EU]\n");

        var text = await RunAsync("policy", "check", file);
        var json = await RunAsync("policy", "check", file, "--json");

        Assert.Equal((1, 1), (text.Code, json.Code));
        Assert.Contains($"{file}:3:11: error unknown_tier: groups.a.tier:", text.Output, StringComparison.Ordinal);
        Assert.Contains($"{file}:6:19: error unknown_operator: groups.a.dataFilters[0].operator:", text.Output, StringComparison.Ordinal);
        Assert.Contains("broken: 2 errors, 1 warnings", text.Output, StringComparison.Ordinal);
        Assert.Equal(3, JsonDocument.Parse(json.Output).RootElement.GetProperty("problems").GetArrayLength());
    }

    [Fact]
    public async Task PolicyCheck_MissingFile_Fails()
    {
        var (code, output, _) = await RunAsync("policy", "check", Path.Combine(_folder, "none.yaml"));

        Assert.Equal(1, code);
        Assert.Contains("unreadable_file", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task PolicySchema_PrintsJson()
    {
        var (code, output, _) = await RunAsync("policy", "schema");

        Assert.Equal(0, code);
        Assert.Equal("https://json-schema.org/draft/2020-12/schema", JsonDocument.Parse(output).RootElement.GetProperty("$schema").GetString());
    }

    private RootCommand Root() => new("test") { KeysCommand.Create(() => _services), PolicyCommand.Create() };

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await Root().Parse(arguments).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }

    private static string RepositoryRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("AiPlatform.sln was not found above the tests.");
        }

        return folder;
    }

    private sealed record Fixed(AccessPolicy Current) : IAccessPolicySource;
}
