using System.Collections.Immutable;
using System.Net;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

/// <summary>The real server trusting a real authorization server, with a clock that a test moves.</summary>
public sealed class TokenServer : IAsyncLifetime
{
    private readonly Func<AuthorizationServer, string[]>? _args;
    private TestServer? _server;

    public TokenServer()
        : this(null)
    {
    }

    internal TokenServer(Func<AuthorizationServer, string[]>? args, AuthorizationServer? issuer = null)
    {
        _args = args;
        Issuer = issuer ?? new AuthorizationServer(Time);
        Other = new AuthorizationServer(Time, "second");
    }

    internal SteppedTime Time { get; } = new();

    internal AuthorizationServer Issuer { get; }

    /// <summary>A second issuer, trusted as well; its tokens have the same groups.</summary>
    internal AuthorizationServer Other { get; }

    internal RecordedLogs Logs { get; } = new();

    internal TestServer Server => _server!;

    public async Task InitializeAsync()
    {
        await Issuer.StartAsync();
        await Other.StartAsync();
        var args = _args is not null ? _args(Issuer) : [];
        _server = new TestServer(
            services => services.AddSingleton<TimeProvider>(Time).AddSingleton<ILoggerProvider>(Logs).AddSingleton<ICatalogIndex>(new OracleIndex(TestCatalog.All, Time)),
            [
                "--Logging:LogLevel:Default=Trace", "--Logging:LogLevel:Microsoft.AspNetCore=Trace",
                $"--OAuth:Issuers:0:Issuer={Issuer.Issuer}", "--OAuth:Issuers:0:AllowInternal=true",
                $"--OAuth:Issuers:1:Issuer={Other.Issuer}", "--OAuth:Issuers:1:AllowInternal=true",
                $"--OAuth:Resource={AuthorizationServer.Resource}", .. args,
            ]);
        Map(Issuer.Issuer, Mapping);
        Map(Other.Issuer, Mapping);
        await _server.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await Issuer.DisposeAsync();
        await Other.DisposeAsync();
    }

    internal static ClaimMapping Mapping { get; } = new()
    {
        Groups =
        [
            new GroupClaim(new ClaimPath(["groups"]), "", new Dictionary<string, ImmutableArray<string>>
            {
                ["eu"] = ["eu-retail"], ["partner"] = ["partners"], ["both"] = ["eu-retail", "partners"],
                ["staff"] = ["administrators"], ["models"] = ["no-products"], ["slow"] = ["slow"],
            }.ToImmutableSortedDictionary(StringComparer.Ordinal)),
        ],
        Attributes = ImmutableSortedDictionary.Create<string, ClaimPath>(StringComparer.Ordinal).Add("region", new ClaimPath(["zone"])),
    };

    internal void Map(string issuer, ClaimMapping? mapping)
    {
        var policy = Server.Policy.Current;
        Server.Policy.Current = policy with
        {
            Version = policy.Version + "+",
            Claims = mapping is null ? policy.Claims.Remove(issuer) : policy.Claims.SetItem(issuer, mapping),
        };
    }

    /// <summary>A tool call of the stateless revision with a token.</summary>
    internal static HttpRequestMessage Request(string token, string tool = "whoami", string arguments = "{}")
    {
        var request = RawMcp.Call("", tool, arguments);
        request.Headers.Remove("X-API-Key");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + token);
        return request;
    }

    internal async Task<(HttpResponseMessage Response, JsonElement Message)> SendAsync(HttpRequestMessage request)
    {
        using (request)
        {
            var response = await Server.Http.SendAsync(request);
            return (response, await RawMcp.MessageAsync(response));
        }
    }

    /// <summary>The status, and the code of a refusal.</summary>
    internal async Task<(HttpStatusCode Status, string Code)> TryAsync(string token)
    {
        var (response, message) = await SendAsync(Request(token));
        using (response)
        {
            return (response.StatusCode, message.TryGetProperty("error", out var error) ? error.GetProperty("data").GetProperty("code").GetString()! : "");
        }
    }

    /// <summary>What whoami says.</summary>
    internal async Task<JsonElement> WhoAsync(string token)
    {
        var (response, message) = await SendAsync(Request(token));
        using (response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            return message.GetProperty("result").GetProperty("structuredContent");
        }
    }
}
