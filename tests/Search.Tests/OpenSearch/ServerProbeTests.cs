using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Tests.OpenSearch.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

public sealed class ServerProbeTests
{
    [SkippableTheory]
    [InlineData("2.19.1", false)]
    [InlineData("3.5.0", true)]
    public async Task Node_OfEitherGeneration_IsRecognisedOnce(string version, bool three)
    {
        var (root, plugins) = (Transcript.Read(version, "01-root"), Transcript.Read(version, "03-cat-plugins"));
        await using var stub = await StubCluster.StartAsync((context, _) => (context.Request.Path == "/" ? root : plugins).Answer(context));
        using var connection = stub.Connect();
        var probe = new ServerProbe(connection, NullLogger<ServerProbe>.Instance);
        var info = await probe.GetAsync(default);
        Assert.Equal((Version.Parse(version), three, true), (info.Version, info.IsThree, info.HasVectors));
        Assert.Same(info, await probe.GetAsync(default));
        Assert.Equal(2, stub.Requests.Count);
    }

    [Theory]
    [InlineData("""{"version":{"number":"7.10.2","lucene_version":"8.7.0"},"tagline":"You Know, for Search"}""", "Elasticsearch 7.10.2")]
    [InlineData("""{"version":{"distribution":"opensearch","number":"1.3.19"}}""", "opensearch 1.3.19")]
    [InlineData("""{"version":{"distribution":"opensearch","number":"2.11.0"}}""", "opensearch 2.11.0")]
    [InlineData("""{"version":{"distribution":"opensearch","number":"4.0.0-SNAPSHOT"}}""", "opensearch 4.0.0")]
    [InlineData("""{"hello":"world"}""", "something else")]
    [InlineData("[]", "something else")]
    public async Task AnythingElse_IsUnsupported(string root, string named)
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(200, root));
        using var connection = stub.Connect();
        var refused = await Assert.ThrowsAsync<OpenSearchException>(() => new ServerProbe(connection, NullLogger<ServerProbe>.Instance).GetAsync(default).AsTask());
        Assert.Equal(OpenSearchErrors.Unsupported, refused.Code);
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Node_WithoutTheKnnPlugin_HasNoVectors()
    {
        await using var stub = await StubCluster.StartAsync((context, _) =>
            StubCluster.Says(200, context.Request.Path == "/" ? """{"version":{"distribution":"opensearch","number":"2.19.1"}}""" : "[]")(context));
        using var connection = stub.Connect();
        Assert.False((await new ServerProbe(connection, NullLogger<ServerProbe>.Instance).GetAsync(default)).HasVectors);
    }

    [Fact]
    public async Task Cluster_ThatComesBack_IsLookedAtAgain()
    {
        var (version, down) = ("2.19.1", false);
        await using var stub = await StubCluster.StartAsync((context, _) => down
            ? StubCluster.HangsUp(context)
            : StubCluster.Says(200, context.Request.Path == "/" ? $$$"""{"version":{"distribution":"opensearch","number":"{{{version}}}"}}""" : "[]")(context));
        var options = stub.Options();
        (options.MaxRetries, options.BreakerMilliseconds) = (0, 10);
        using var connection = stub.Connect(options);
        var probe = new ServerProbe(connection, NullLogger<ServerProbe>.Instance);
        Assert.False((await probe.GetAsync(default)).IsThree);
        (down, version) = (true, "3.5.0");
        await Assert.ThrowsAsync<OpenSearchException>(() => connection.SendAsync(OpenSearchRequest.Get("/x"), default).AsTask());
        down = false;
        (await connection.SendAsync(OpenSearchRequest.Get("/"), default)).Dispose();
        Assert.True((await probe.GetAsync(default)).IsThree);
    }
}
