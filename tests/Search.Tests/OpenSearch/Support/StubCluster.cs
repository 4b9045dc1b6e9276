using System.Collections.Concurrent;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Transport;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace AiPlatform.Search.Tests.OpenSearch.Support;

/// <summary>A server on the loopback that answers what a test tells it to, over real connections.</summary>
internal sealed class StubCluster : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<HttpContext, string, Task> _answer;

    private StubCluster(Func<HttpContext, string, Task> answer, X509Certificate2? certificate)
    {
        _answer = answer;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen =>
        {
            if (certificate is not null)
            {
                listen.UseHttps(certificate);
            }
        }));
        _app = builder.Build();
        _app.Run(HandleAsync);
    }

    /// <summary>Every request, as <c>GET /path?query</c>, with its headers and body.</summary>
    public ConcurrentQueue<(string Line, IReadOnlyDictionary<string, string> Headers, string Body)> Requests { get; } = new();

    public string Url { get; private set; } = "";

    /// <summary>Starts one that answers by a function of the request and its body.</summary>
    public static async Task<StubCluster> StartAsync(Func<HttpContext, string, Task> answer, X509Certificate2? certificate = null)
    {
        var stub = new StubCluster(answer, certificate);
        await stub._app.StartAsync();
        stub.Url = stub._app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        return stub;
    }

    /// <summary>Starts one that answers one after the other, and the last again and again.</summary>
    public static Task<StubCluster> StartAsync(params Func<HttpContext, Task>[] answers)
    {
        var at = -1;
        return StartAsync((context, _) => answers[Math.Min(Interlocked.Increment(ref at), answers.Length - 1)](context));
    }

    /// <summary>An answer with a body.</summary>
    public static Func<HttpContext, Task> Says(int status, string body, string type = "application/json") => context =>
    {
        (context.Response.StatusCode, context.Response.ContentType) = (status, type);
        return context.Response.WriteAsync(body);
    };

    /// <summary>Hangs up.</summary>
    public static Task HangsUp(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    /// <summary>Settings that reach it, with short delays.</summary>
    public OpenSearchOptions Options(params string[] otherNodes) => new() { Nodes = [.. otherNodes, Url], IndexPrefix = "t" };

    /// <summary>A connection to it.</summary>
    public OpenSearchConnection Connect(OpenSearchOptions? options = null, IRequestSigner? signer = null)
    {
        options ??= Options();
        return signer is null
            ? new OpenSearchConnection(options, TimeProvider.System, NullLogger<OpenSearchConnection>.Instance)
            : new OpenSearchConnection(options, OpenSearchHandler.Create(options), signer, TimeProvider.System, NullLogger.Instance);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body, Encoding.UTF8);
        var body = await reader.ReadToEndAsync();
        var headers = context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        Requests.Enqueue(($"{context.Request.Method} {context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}", headers, body));
        await _answer(context, body);
    }
}
