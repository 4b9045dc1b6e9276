using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Tests.OpenSearch.Support;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

public sealed class OpenSearchConnectionTests
{
    private const string Fine = """{"took":3,"ok":true}""";
    private static readonly OpenSearchRequest Search = OpenSearchRequest.Read("/a/_search", "{}"u8.ToArray());
    private static readonly OpenSearchRequest Change = new(HttpMethod.Post, "/_aliases") { Body = "{}"u8.ToArray() };

    [Fact]
    public async Task Answer_OfANode_IsParsedWithItsTime()
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(200, Fine));
        using var connection = stub.Connect();
        using var answer = await connection.SendAsync(Search, default);
        Assert.Equal((200, 3, true), (answer.Status, answer.Took, answer.Root.GetProperty("ok").GetBoolean()));
        var (line, headers, body) = Assert.Single(stub.Requests);
        Assert.Equal(("POST /a/_search", "application/json", "{}"), (line, headers["Content-Type"], body));
        Assert.False(headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task DeadNode_OfTwo_IsLeftAloneAndTheOtherAnswersEveryRequest()
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(200, Fine));
        using var connection = stub.Connect(stub.Options($"http://127.0.0.1:{ClosedPort()}"));
        for (var i = 0; i < 20; i++)
        {
            // Also what must not be repeated: a request that no node saw is no repetition.
            using var answer = await connection.SendAsync(i % 2 == 0 ? Search : Change, default);
            Assert.Equal(200, answer.Status);
        }

        Assert.Equal(20, stub.Requests.Count);
    }

    [Fact]
    public async Task EveryNodeDead_IsUnavailable_AndSoonToldWithoutTrying()
    {
        var options = new OpenSearchOptions { Nodes = [$"http://127.0.0.1:{ClosedPort()}", $"http://127.0.0.1:{ClosedPort()}"], BreakerMilliseconds = 600_000, MaxRetries = 1 };
        using var connection = new OpenSearchConnection(options, TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger<OpenSearchConnection>.Instance);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(OpenSearchErrors.Unavailable, (await FailureAsync(connection, Search)).Code);
        }

        var open = await FailureAsync(connection, Search);
        Assert.Equal((OpenSearchErrors.Unavailable, true), (open.Code, open.IsTransient));
        Assert.True(open.CircuitOpen);

        // The cause is told, not only that nothing is tried.
        Assert.Contains("refused", open.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("cannot be reached", Assert.IsType<OpenSearchException>(open.InnerException).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OpenCircuit_LetsOneThroughAfterAWhile_AndClosesWithItsAnswer()
    {
        var down = true;
        await using var stub = await StubCluster.StartAsync((context, _) => down ? StubCluster.HangsUp(context) : StubCluster.Says(200, Fine)(context));
        var options = stub.Options();
        (options.MaxRetries, options.BreakerFailures, options.BreakerMilliseconds) = (0, 2, 5_000);
        using var connection = stub.Connect(options);
        await FailureAsync(connection, Search);
        await FailureAsync(connection, Search);
        var sent = stub.Requests.Count;
        Assert.True((await FailureAsync(connection, Search)).CircuitOpen);
        Assert.Equal(sent, stub.Requests.Count);
        down = false;
        var since = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var answer = await connection.SendAsync(Search, default);
                break;
            }
            catch (OpenSearchException) when (since.Elapsed < TimeSpan.FromMinutes(2))
            {
                await Task.Delay(20);
            }
        }

        Assert.Equal(1, connection.Reconnections);
        using var next = await connection.SendAsync(Search, default);
    }

    [Theory]
    [InlineData(nameof(Repeat.WhenUnsent), 1)]
    [InlineData(nameof(Repeat.AfterFailure), 3)]
    [InlineData(nameof(Repeat.AfterOverload), 3)]
    public async Task CutConnection_IsRepeated_OnlyWhereTwiceIsAsGoodAsOnce(string policy, int sent)
    {
        var repeat = Enum.Parse<Repeat>(policy);
        await using var stub = await StubCluster.StartAsync(StubCluster.HangsUp, StubCluster.HangsUp, StubCluster.Says(200, Fine));
        using var connection = stub.Connect();
        try
        {
            using var answer = await connection.SendAsync(Change with { Repeat = repeat }, default);
            Assert.Equal(3, sent);
        }
        catch (OpenSearchException e)
        {
            Assert.Equal((1, OpenSearchErrors.Unavailable, false), (sent, e.Code, e.NeverSent));
        }

        Assert.Equal(sent, stub.Requests.Count);
    }

    [Theory]
    [InlineData(429, nameof(Repeat.AfterOverload), 2)]
    [InlineData(429, nameof(Repeat.AfterFailure), 1)]
    [InlineData(429, nameof(Repeat.WhenUnsent), 1)]
    [InlineData(503, nameof(Repeat.AfterFailure), 2)]
    [InlineData(502, nameof(Repeat.AfterFailure), 2)]
    [InlineData(503, nameof(Repeat.WhenUnsent), 1)]
    [InlineData(400, nameof(Repeat.AfterOverload), 1)]
    [InlineData(500, nameof(Repeat.AfterOverload), 1)]
    public async Task Refusal_IsRepeated_WhenItPasses(int status, string policy, int sent)
    {
        var repeat = Enum.Parse<Repeat>(policy);
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(status, """{"error":{"type":"t","reason":"r"}}"""), StubCluster.Says(200, Fine));
        using var connection = stub.Connect();
        if (sent == 1)
        {
            Assert.Equal(status, (await FailureAsync(connection, Search with { Repeat = repeat })).Status);
        }
        else
        {
            using var answer = await connection.SendAsync(Search with { Repeat = repeat }, default);
        }

        Assert.Equal(sent, stub.Requests.Count);
    }

    [Fact]
    public async Task LateAnswer_IsATimeout_AndNotAskedForAgain()
    {
        var released = new TaskCompletionSource();
        await using var stub = await StubCluster.StartAsync((_, _) => released.Task);
        using var connection = stub.Connect();
        var failure = await FailureAsync(connection, Search with { Timeout = TimeSpan.FromMilliseconds(200) });
        released.SetResult();
        Assert.Equal((OpenSearchErrors.Timeout, 0, true), (failure.Code, failure.Status, failure.IsTransient));
        Assert.Single(stub.Requests);
    }

    [Fact]
    public async Task Cancellation_ByTheCaller_IsCancellation()
    {
        using var cancel = new CancellationTokenSource();
        var released = new TaskCompletionSource();
        await using var stub = await StubCluster.StartAsync((_, _) =>
        {
            cancel.Cancel();
            return released.Task;
        });
        using var connection = stub.Connect();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => connection.SendAsync(Search, cancel.Token).AsTask());
        released.SetResult();
    }

    [Theory]
    [InlineData(404, """{"error":{"root_cause":[{"type":"index_not_found_exception","reason":"no such index [a]","index":"a"}],"type":"index_not_found_exception","reason":"no such index [a]","index":"a"},"status":404}""", OpenSearchErrors.Rejected, "index_not_found_exception", "no such index [a]", "a")]
    [InlineData(404, """{"error":"alias [no-such-alias] missing","status":404}""", OpenSearchErrors.Rejected, "", "alias [no-such-alias] missing", "")]
    [InlineData(401, "Unauthorized", OpenSearchErrors.Unauthorized, "", "Unauthorized", "")]
    [InlineData(403, """{"error":{"type":"security_exception","reason":"no permissions for [indices:data/write/bulk]"},"status":403}""", OpenSearchErrors.Forbidden, "security_exception", "no permissions for [indices:data/write/bulk]", "")]
    [InlineData(403, """{"error":{"type":"cluster_block_exception","reason":"index [a] blocked by: [FORBIDDEN/8/index write (api)];"},"status":403}""", OpenSearchErrors.Blocked, "cluster_block_exception", "index [a] blocked by: [FORBIDDEN/8/index write (api)];", "")]
    [InlineData(500, "<html>oops</html>", OpenSearchErrors.Failed, "", "<html>oops</html>", "")]
    [InlineData(400, """{"error":{"type":"x","reason":"outer","caused_by":{"type":"y","reason":"inner"}}}""", OpenSearchErrors.Rejected, "x", "outer: inner", "")]
    [InlineData(400, "", OpenSearchErrors.Rejected, "", "", "")]
    [InlineData(400, "[1]", OpenSearchErrors.Rejected, "", "", "")]
    public async Task Error_OfAnyForm_IsRead(int status, string body, string code, string type, string reason, string index)
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(status, body));
        using var connection = stub.Connect();
        var failure = await FailureAsync(connection, Change);
        Assert.Equal((status, code, type, reason, index), (failure.Status, failure.Code, failure.Type, failure.Reason, failure.Index));
    }

    [Fact]
    public async Task Missing_WhereItIsAnAnswer_IsNoError()
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(404, """{"found":false}"""));
        using var connection = stub.Connect();
        using var answer = await connection.SendAsync(OpenSearchRequest.Get("/a/_doc/1") with { MissingIsAnswer = true }, default);
        Assert.Equal(404, answer.Status);
    }

    [Fact]
    public async Task Success_ThatIsNoJson_IsAnInvalidAnswer()
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(200, "<html>a login page</html>", "text/html"));
        using var connection = stub.Connect();
        Assert.Equal(OpenSearchErrors.InvalidAnswer, (await FailureAsync(connection, Search)).Code);
    }

    [Fact]
    public async Task Answer_LargerThanAllowed_IsRefused()
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(200, $$"""{"x":"{{new string('x', 1 << 20)}}"}"""));
        var options = stub.Options();
        options.MaxResponseBytes = 1 << 20;
        using var connection = stub.Connect(options);
        Assert.Contains("MaxResponseBytes", (await FailureAsync(connection, Search)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Password_ThatWasReplacedInItsFile_IsReadAgainWhenRefused()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "old\n");
            await using var stub = await StubCluster.StartAsync((context, _) =>
                StubCluster.Says(context.Request.Headers.Authorization == "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes("worker:new")) ? 200 : 401, Fine)(context));
            var options = stub.Options();
            (options.Authentication, options.UserName, options.PasswordFile) = (OpenSearchAuthentication.Basic, "worker", file);
            using var connection = stub.Connect(options);
            var refused = await FailureAsync(connection, Search);
            Assert.Equal(OpenSearchErrors.Unauthorized, refused.Code);
            Assert.DoesNotContain("old", refused.ToString(), StringComparison.Ordinal);
            await File.WriteAllTextAsync(file, "new\n");
            using var answer = await connection.SendAsync(Search, default);
            Assert.Equal(200, answer.Status);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<OpenSearchException> FailureAsync(OpenSearchConnection connection, OpenSearchRequest request) =>
        await Assert.ThrowsAsync<OpenSearchException>(async () => (await connection.SendAsync(request, default)).Dispose());

    private static int ClosedPort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
