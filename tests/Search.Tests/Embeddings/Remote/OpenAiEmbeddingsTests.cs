using System.Diagnostics.Metrics;
using System.Text;
using AiPlatform.Search.Embeddings.Remote;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AiPlatform.Search.Tests.Embeddings.Remote;

public sealed class OpenAiEmbeddingsTests : IAsyncLifetime
{
    private RemoteFixture _fixture = null!;

    private EmbeddingServer Server => _fixture.Server;

    public async Task InitializeAsync() => _fixture = await RemoteFixture.StartAsync();

    public async Task DisposeAsync() => await _fixture.DisposeAsync();

    [Fact]
    public async Task EmbedProducts_ManyTexts_InBatchesAtOnceInOrder()
    {
        // Every request waits until another is there: only several at once can end.
        var two = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Server.Instead = async (_, number) =>
        {
            if (number > 2)
            {
                two.TrySetResult();
            }

            await (number == 1 ? Task.CompletedTask : two.Task).WaitAsync(TimeSpan.FromMinutes(1));
            return false;
        };
        var (embedder, usage) = await _fixture.OpenAi(o => (o.BatchSize, o.Concurrency, o.PricePerMillionTokens) = (10, 3, 20)).PrepareAsync(default);
        var products = SampleCatalog.Make(95);
        var vectors = await embedder.EmbedProductsAsync(products, default);

        for (var i = 0; i < products.Count; i++)
        {
            Assert.Equal(Unit(EmbeddingServer.Letters(embedder.TextOf(products[i]))), vectors[i].ToArray());
        }

        Assert.Equal(11, Server.Requests);
        Assert.InRange(Server.MostRunning, 2, 3);
        Assert.All(Server.Received.Skip(1), r => Assert.InRange(r.Json["input"]!.AsArray().Count, 1, 10));
        var tokens = products.Sum(p => embedder.TextOf(p).Length) + "red garden chair".Length;
        Assert.Equal(new EmbeddingUsage(11, 96, tokens, tokens * 20m / 1_000_000), usage());
    }

    [Fact]
    public async Task EmbedProducts_ManyAtOnce_NeverMixesTexts()
    {
        var (embedder, _) = await _fixture.OpenAi(o => (o.BatchSize, o.Concurrency) = (4, 32)).PrepareAsync(default);
        var products = SampleCatalog.Make(2_000);
        var vectors = await embedder.EmbedProductsAsync(products, default);

        Assert.DoesNotContain(Enumerable.Range(0, products.Count), i => !vectors[i].Span.SequenceEqual(Unit(EmbeddingServer.Letters(embedder.TextOf(products[i])))));
    }

    [Fact]
    public async Task EmbedQuery_Any_IsSentWithKeyModelAndPrefix()
    {
        var embeddings = _fixture.OpenAi(o => (o.QueryPrefix, o.DocumentPrefix, o.RequestDimensions) = ("query: ", "passage: ", true));
        var vector = await embeddings.Queries.EmbedQueryAsync("desk lamp", default);

        Assert.Equal(Unit(EmbeddingServer.Letters("query: desk lamp")), vector.ToArray());
        var request = Assert.Single(Server.Received);
        Assert.Equal(("/v1/embeddings", "Bearer service-key"), (request.Target, request.Headers["Authorization"]));
        Assert.Equal(("letters", 26), (request.Json["model"]!.GetValue<string>(), request.Json["dimensions"]!.GetValue<int>()));
        Assert.StartsWith("passage: ", embeddings.Queries.TextOf(SampleCatalog.Make(1)[0]), StringComparison.Ordinal);
        Assert.Equal("letters@26/text-1", embeddings.Queries.ModelId);
    }

    [Fact]
    public async Task EmbedQuery_NoKey_SendsNone()
    {
        await _fixture.OpenAi(o => o.ApiKey = "").Queries.EmbedQueryAsync("desk lamp", default);

        Assert.False(Assert.Single(Server.Received).Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task ApiKeyFile_Any_IsReadAndTrimmed()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "file-key\n");
        await _fixture.OpenAi(o => (o.ApiKey, o.ApiKeyFile) = ("", file)).Queries.EmbedQueryAsync("desk lamp", default);
        File.Delete(file);

        Assert.Equal("Bearer file-key", Assert.Single(Server.Received).Headers["Authorization"]);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(500)]
    [InlineData(503)]
    public async Task Embed_BusyAtFirst_IsRepeated(int status)
    {
        Server.Instead = Status(status, number => number <= 3);
        await _fixture.OpenAi().PrepareAsync(default);

        Assert.Equal(4, Server.Requests);
    }

    [Fact]
    public async Task Embed_RetryAfter_IsWaitedFor()
    {
        Server.Instead = (http, number) =>
        {
            if (number == 1)
            {
                (http.Response.StatusCode, http.Response.Headers.RetryAfter) = (429, "1");
            }

            return Task.FromResult(number == 1);
        };
        var started = TimeProvider.System.GetTimestamp();
        await _fixture.OpenAi().PrepareAsync(default);

        Assert.InRange(TimeProvider.System.GetElapsedTime(started).TotalSeconds, 1, 60);
    }

    [Theory]
    [InlineData(400, "embeddings_refused", 1)]
    [InlineData(401, "embeddings_refused", 1)]
    [InlineData(403, "embeddings_refused", 1)]
    [InlineData(404, "embeddings_refused", 1)]
    [InlineData(429, "embeddings_unreachable", 4)]
    [InlineData(503, "embeddings_unreachable", 4)]
    public async Task Embed_RefusedForGood_SaysSoWithoutTextAndKey(int status, string code, int requests)
    {
        Server.Instead = Status(status, _ => true);
        var thrown = await FailureAsync(_fixture.OpenAi());

        Assert.Equal((code, requests), (thrown.Code, Server.Requests));
        Assert.DoesNotContain("garden", thrown.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("service-key", thrown.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{\"data\":")]
    [InlineData("<html>not here</html>")]
    [InlineData("{\"object\":\"list\"}")]
    [InlineData("{\"object\":\"list\",\"data\":[],\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}")]
    [InlineData("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":7,\"embedding\":[1]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}")]
    [InlineData("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":\"%%%\"}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}")]
    [InlineData("{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,\"embedding\":[NaN]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":1,\"total_tokens\":1}}")]
    public async Task Embed_AnswerThatMakesNoSense_IsRepeatedThenTold(string body)
    {
        Server.Instead = async (http, _) =>
        {
            http.Response.ContentType = "application/json";
            await http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body));
            return true;
        };

        Assert.Equal(("embeddings_malformed", 4), ((await FailureAsync(_fixture.OpenAi())).Code, Server.Requests));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public async Task Embed_ValueThatIsNoNumber_IsRefused(float value)
    {
        Server.Embed = text => [.. EmbeddingServer.Letters(text).Skip(1), value];

        Assert.Equal("embeddings_malformed", (await FailureAsync(_fixture.OpenAi(o => o.Retries = 0))).Code);
    }

    [Fact]
    public async Task Prepare_OtherDimension_SaysWhichToSet()
    {
        var thrown = await FailureAsync(_fixture.OpenAi(o => o.Dimensions = 30));

        Assert.Equal(("embeddings_wrong_dimension", 1), (thrown.Code, Server.Requests));
        Assert.Contains("Embeddings:Dimensions to 26", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EmbedProducts_DimensionChangesOnTheWay_IsRefused()
    {
        var (embedder, _) = await _fixture.OpenAi(o => o.BatchSize = 5).PrepareAsync(default);
        Server.Embed = text => Server.Requests > 2 ? new float[12] : EmbeddingServer.Letters(text);

        var thrown = await Assert.ThrowsAsync<EmbeddingException>(async () => await embedder.EmbedProductsAsync(SampleCatalog.Make(20), default));
        Assert.Equal("embeddings_wrong_dimension", thrown.Code);
    }

    [Fact]
    public async Task Embed_ConnectionBreaksOff_IsRepeated()
    {
        Server.Instead = async (http, number) =>
        {
            if (number <= 2)
            {
                http.Response.ContentLength = 1_000;
                await http.Response.Body.WriteAsync("{\"object\""u8.ToArray());
                await http.Response.Body.FlushAsync();
                http.Abort();
            }

            return number <= 2;
        };
        await _fixture.OpenAi().PrepareAsync(default);

        Assert.Equal(3, Server.Requests);
    }

    [Fact]
    public async Task Embed_NoAnswer_TimesOut()
    {
        Server.Instead = Silence;
        var thrown = await FailureAsync(_fixture.OpenAi(o => (o.TimeoutSeconds, o.Retries) = (1, 1)));

        Assert.Equal(("embeddings_unreachable", 2), (thrown.Code, Server.Requests));
    }

    [Fact]
    public async Task Embed_NobodyThere_IsUnreachable() =>
        Assert.Equal("embeddings_unreachable", (await FailureAsync(_fixture.OpenAi(o => (o.BaseUrl, o.Retries) = ("http://127.0.0.1:1/v1", 1)))).Code);

    [Fact]
    public async Task EmbedQuery_NoAnswer_GivesUpInItsOwnTime()
    {
        Server.Instead = Silence;
        await Assert.ThrowsAsync<TimeoutException>(async () => await _fixture.OpenAi(o => o.QueryTimeoutMilliseconds = 50).Queries.EmbedQueryAsync("lamp", default));
    }

    [Fact]
    public async Task Embed_Cancelled_StopsAtOnce()
    {
        using var cancel = new CancellationTokenSource();
        Server.Instead = async (http, number) =>
        {
            await cancel.CancelAsync();
            return await Silence(http, number);
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _fixture.OpenAi().PrepareAsync(cancel.Token));

        Assert.Equal(1, Server.Requests);
    }

    [Fact]
    public async Task Embed_Any_IsMeasured()
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = (instrument, l) =>
            {
                if (instrument.Meter.Name == "AiPlatform.Embeddings")
                {
                    l.EnableMeasurementEvents(instrument);
                }
            },
        };
        void See(string name, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            // Other tests measure at the same time, with other models.
            if (tags.ToArray().Any(t => t.Key == "model" && (string?)t.Value == "measured"))
            {
                lock (seen)
                {
                    seen[name] = seen.GetValueOrDefault(name) + value;
                }
            }
        }

        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => See(i.Name, value, tags));
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => See(i.Name, value, tags));
        listener.Start();
        await _fixture.OpenAi(o => (o.Model, o.PricePerMillionTokens) = ("measured", 10)).Queries.EmbedQueryAsync("lamp", default);

        Assert.Equal((1.0, 4.0, 4 * 10 / 1e6), (seen["aiplatform.embeddings.texts"], seen["aiplatform.embeddings.tokens"], seen["aiplatform.embeddings.cost"]));
        Assert.True(seen["aiplatform.embeddings.duration"] > 0);
    }

    private static async Task<EmbeddingException> FailureAsync(RemoteEmbeddings embeddings) => await Assert.ThrowsAsync<EmbeddingException>(() => embeddings.PrepareAsync(default));

    private static Func<HttpContext, int, Task<bool>> Status(int status, Func<int, bool> when) => (http, number) =>
    {
        if (when(number))
        {
            http.Response.StatusCode = status;
        }

        return Task.FromResult(when(number));
    };

    private static async Task<bool> Silence(HttpContext http, int number)
    {
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        return true;
    }

    private static float[] Unit(float[] vector)
    {
        var norm = System.Numerics.Tensors.TensorPrimitives.Norm<float>(vector);
        return [.. vector.Select(v => v / norm)];
    }
}
