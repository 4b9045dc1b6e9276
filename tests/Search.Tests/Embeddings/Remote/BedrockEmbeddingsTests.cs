using System.Security.Cryptography;
using System.Text;
using AiPlatform.Search.Embeddings.Remote;
using Xunit;

namespace AiPlatform.Search.Tests.Embeddings.Remote;

public sealed class BedrockEmbeddingsTests : IAsyncLifetime
{
    private const string Titan = "amazon.titan-embed-text-v2:0";
    private const string Cohere = "cohere.embed-multilingual-v3";

    private RemoteFixture _fixture = null!;

    private EmbeddingServer Server => _fixture.Server;

    public async Task InitializeAsync() => _fixture = await RemoteFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task Titan_Products_AreSentOneByOneSomeAtOnce()
    {
        var (embedder, usage) = await _fixture.Bedrock(Titan, o => o.Concurrency = 3).PrepareAsync(default);
        var products = SampleCatalog.Make(20);
        var vectors = await embedder.EmbedProductsAsync(products, default);

        Assert.Equal((20, 21), (vectors.Count, Server.Requests));
        Assert.InRange(Server.MostRunning, 1, 3);
        Assert.All(Server.Received, r => Assert.Equal("/model/amazon.titan-embed-text-v2%3A0/invoke", r.Target));
        Assert.All(Server.Received, r => Assert.Equal((26, true), (r.Json["dimensions"]!.GetValue<int>(), r.Json["normalize"]!.GetValue<bool>())));
        Assert.Equal(Server.Received.Sum(r => r.Json["inputText"]!.GetValue<string>().Length), usage().Tokens);
        Assert.Null(usage().Cost);
    }

    [Fact]
    public async Task Cohere_ProductsAndQueries_AreToldApart()
    {
        var embeddings = _fixture.Bedrock(Cohere, o => o.BatchSize = 500);
        var (embedder, usage) = await embeddings.PrepareAsync(default);
        await embedder.EmbedProductsAsync(SampleCatalog.Make(200), default);
        await embeddings.Queries.EmbedQueryAsync("desk lamp", default);

        var bodies = Server.Received.Select(r => r.Json).ToList();
        Assert.Equal([1, 1, 8, 96, 96], bodies.Select(b => b["texts"]!.AsArray().Count).Order());
        Assert.Equal(["search_document", "search_query"], bodies.Select(b => b["input_type"]!.GetValue<string>()).Distinct().Order());
        Assert.Equal("search_query", bodies[^1]["input_type"]!.GetValue<string>());
        Assert.All(bodies, b => Assert.False(b.ContainsKey("output_dimension")));
        Assert.Equal(bodies.SkipLast(1).Sum(b => b["texts"]!.AsArray().Sum(t => t!.GetValue<string>().Length)), usage().Tokens);
    }

    [Fact]
    public async Task Cohere_LongText_IsCutToWhatTheModelTakes()
    {
        await _fixture.Bedrock(Cohere).Queries.EmbedQueryAsync(new string('a', 3_000), default);

        Assert.Equal(2_048, Assert.Single(Server.Received).Json["texts"]![0]!.GetValue<string>().Length);
    }

    [Theory]
    [InlineData(Titan)]
    [InlineData(Cohere)]
    public async Task Signature_Recomputed_IsTheSame(string model)
    {
        await _fixture.Bedrock(model).Queries.EmbedQueryAsync("desk lamp", default);
        var request = Assert.Single(Server.Received);
        var authorization = request.Headers["Authorization"];
        var date = request.Headers["x-amz-date"];
        var scope = $"{date[..8]}/eu-west-1/bedrock/aws4_request";
        var signedHeaders = authorization.Split("SignedHeaders=")[1].Split(',')[0];
        Assert.StartsWith($"AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/{scope}, ", authorization, StringComparison.Ordinal);
        Assert.Contains("host", signedHeaders.Split(';'));
        Assert.Equal("session-token", request.Headers["x-amz-security-token"]);

        // By the specification, from what was received: every path segment is encoded once more than it was sent.
        var path = string.Join('/', request.Target.Split('/').Select(Uri.EscapeDataString));
        var headers = string.Concat(signedHeaders.Split(';').Select(h => $"{h}:{request.Headers[h].Trim()}\n"));
        var canonical = $"POST\n{path}\n\n{headers}\n{signedHeaders}\n{Hex(SHA256.HashData(request.Body))}";
        var toSign = $"AWS4-HMAC-SHA256\n{date}\n{scope}\n{Hex(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + "secret/key+of=tests"), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));

        Assert.Equal(Hex(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign))), authorization.Split("Signature=")[1]);
    }

    [Fact]
    public async Task Key_Set_IsSentInsteadOfASignature()
    {
        await _fixture.Bedrock(Titan, o => o.ApiKey = "bedrock-key").Queries.EmbedQueryAsync("desk lamp", default);

        var request = Assert.Single(Server.Received);
        Assert.Equal("Bearer bedrock-key", request.Headers["Authorization"]);
        Assert.False(request.Headers.ContainsKey("x-amz-date"));
    }

    [Theory]
    [InlineData(Titan, 429, "embeddings_unreachable", 4)]
    [InlineData(Cohere, 503, "embeddings_unreachable", 4)]
    [InlineData(Titan, 424, "embeddings_unreachable", 4)]
    [InlineData(Cohere, 403, "embeddings_refused", 1)]
    [InlineData(Titan, 400, "embeddings_refused", 1)]
    public async Task Embed_Refused_SaysWhat(string model, int status, string code, int requests)
    {
        Server.Instead = (http, _) =>
        {
            http.Response.StatusCode = status;
            return Task.FromResult(true);
        };
        var thrown = await Assert.ThrowsAsync<EmbeddingException>(() => _fixture.Bedrock(model).PrepareAsync(default));

        Assert.Equal((code, requests), (thrown.Code, Server.Requests));
        Assert.DoesNotContain("secret", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Titan)]
    [InlineData(Cohere)]
    public async Task Embed_AnswerWithoutVectors_IsMalformed(string model)
    {
        Server.Spoil = answer => answer.Clear();

        Assert.Equal("embeddings_malformed", (await Assert.ThrowsAsync<EmbeddingException>(() => _fixture.Bedrock(model, o => o.Retries = 0).PrepareAsync(default))).Code);
    }

    [Fact]
    public async Task Cohere_PlainList_IsReadToo()
    {
        Server.Spoil = answer => answer["embeddings"] = answer["embeddings"]!["float"]!.DeepClone();

        Assert.Equal(26, (await _fixture.Bedrock(Cohere).Queries.EmbedQueryAsync("lamp", default)).Length);
    }

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
