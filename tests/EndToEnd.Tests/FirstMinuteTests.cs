using System.Net;
using System.Text.Json;
using Xunit;

namespace AiPlatform.EndToEnd.Tests;

/// <summary>What a newcomer does in the first minute, with the real executable, engine, storage and sample.</summary>
public sealed class FirstMinuteTests : IDisposable
{
    private const string Question = "wireless headphones";

    private readonly string _data = Directory.CreateTempSubdirectory("aiplatform-e2e-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("2026-07-28")]
    [InlineData("2025-11-25")]
    public async Task Server_SameQuestionDifferentKeys_DifferentAnswersThatARestartKeeps(string version)
    {
        Dictionary<string, string> before;
        IReadOnlyDictionary<string, string> keys;
        await using (var server = await ServerProcess.StartAsync(_data))
        {
            keys = server.Keys;
            Assert.Equal(["administrators", "eu-retail", "partners", "us-wholesale"], keys.Keys.Order(StringComparer.Ordinal));
            before = await AskAllAsync(server, keys, version);
            Assert.Equal(keys.Count, before.Values.Distinct().Count());
        }

        await using var restarted = await ServerProcess.StartAsync(_data);
        Assert.Empty(restarted.Keys);
        Assert.DoesNotContain("Indexing the sample", restarted.Output, StringComparison.Ordinal);
        Assert.Equal(before, await AskAllAsync(restarted, keys, version));
    }

    [Fact]
    public async Task Server_WithoutKeyOrWithAWrongOne_Answers401AndItsHealthIsOpen()
    {
        await using var server = await ServerProcess.StartAsync(_data);
        using var http = new HttpClient { BaseAddress = server.Address };

        using var health = await http.GetAsync("/health");
        using var anonymous = await http.PostAsync("/mcp", new StringContent("{}"));
        http.DefaultRequestHeaders.Add("X-API-Key", "aip_00000000_wrong");
        using var wrong = await http.PostAsync("/mcp", new StringContent("{}"));

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, anonymous.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, wrong.StatusCode);
    }

    [Fact]
    public async Task Search_WithoutServer_ShowsEveryDemoKeyAndTheRules()
    {
        var (exitCode, output) = await ServerProcess.RunAsync(_data, "search", Question);

        Assert.True(exitCode == 0, output);
        Assert.All((string[])["eu-retail", "us-wholesale", "partners", "administrators", "sees", "Why the answers differ", "accessLevel"], word => Assert.Contains(word, output, StringComparison.Ordinal));
        Assert.DoesNotContain("\u001b", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_CreatedAndRevoked_OpenAndCloseTheDoor()
    {
        var (created, output) = await ServerProcess.RunAsync(_data, "keys", "create", "--name", "e2e", "--group", "partners", "--json");
        Assert.True(created == 0, output);
        using var issued = JsonDocument.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        var secret = issued.RootElement.GetProperty("secret").GetString()!;
        await using var server = await ServerProcess.StartAsync(_data);
        await using (var client = await server.ConnectAsync(secret, "2026-07-28"))
        {
            var me = (await client.CallToolAsync("whoami")).StructuredContent!.Value;
            Assert.Equal("partners", Assert.Single(me.GetProperty("groups").EnumerateArray()).GetString());
        }

        var id = issued.RootElement.GetProperty("key").GetProperty("id").GetString()!;
        Assert.Equal(0, (await ServerProcess.RunAsync(_data, "keys", "revoke", id)).ExitCode);
        Assert.True(await EndsAsync(server, secret), "The revoked key still opens the door.");
    }

    [Fact]
    public async Task CommandLine_WrongArgument_AnswersUsage()
    {
        var (exitCode, output) = await ServerProcess.RunAsync(_data, "serach", "x");

        Assert.Equal(2, exitCode);
        Assert.Contains("--help", output, StringComparison.Ordinal);
    }

    /// <summary>A revocation by another process is effective within a second: asks until it is, and gives up after five.</summary>
    private static async Task<bool> EndsAsync(ServerProcess server, string secret)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        http.DefaultRequestHeaders.Add("X-API-Key", secret);
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var response = await http.GetAsync("/mcp");
            if (response.StatusCode == HttpStatusCode.Unauthorized)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100));
        }

        return false;
    }

    private static async Task<Dictionary<string, string>> AskAllAsync(ServerProcess server, IReadOnlyDictionary<string, string> keys, string version)
    {
        var answers = new Dictionary<string, string>();
        foreach (var (group, key) in keys)
        {
            await using var client = await server.ConnectAsync(key, version);
            var answer = await client.CallToolAsync("search_products", new Dictionary<string, object?> { ["query"] = Question });
            Assert.NotEqual(true, answer.IsError);
            Assert.True(answer.StructuredContent!.Value.GetProperty("total").GetInt32() > 0);
            answers[group] = answer.StructuredContent.Value.GetRawText();
        }

        return answers;
    }
}
