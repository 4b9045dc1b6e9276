using System.Buffers.Text;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

/// <summary>A real authorization server's public side on a port of its own: metadata, keys, and tokens signed with them. Can misbehave.</summary>
internal sealed class AuthorizationServer(TimeProvider time, string name = "first") : IAsyncDisposable
{
    // Making RSA keys is slow, and which ones they are makes no difference as long as two issuers have different ones.
    private static readonly ConcurrentDictionary<string, Lazy<RSA>> Shared = new(StringComparer.Ordinal);

    public const string Resource = "https://mcp.example.com/mcp";

    private readonly ConcurrentDictionary<string, AsymmetricAlgorithm> _keys = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _release = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private WebApplication? _app;
    private int _fetches;

    public string Issuer { get; private set; } = "";

    /// <summary>Id of the key that signs unless a test says otherwise.</summary>
    public string KeyId { get; set; } = "rsa-1";

    /// <summary>How often the keys were asked for.</summary>
    public int KeyFetches => Volatile.Read(ref _fetches);

    /// <summary>Every request that came in, with all its headers.</summary>
    public ConcurrentQueue<string> Requests { get; } = new();

    public AuthorizationServerMood Mood { get; set; }

    /// <summary>Cache-Control of the keys; empty for none.</summary>
    public string CacheControl { get; set; } = "";

    /// <summary>Where it redirects to in that mood.</summary>
    public string RedirectTo { get; set; } = "";

    /// <summary>What its metadata calls the issuer; empty for the truth.</summary>
    public string ClaimedIssuer { get; set; } = "";

    /// <summary>Served in place of the keys; empty for the truth.</summary>
    public string RawKeys { get; set; } = "";

    /// <summary>Served in place of the metadata; empty for the truth.</summary>
    public string RawMetadata { get; set; } = "";

    /// <summary>Keys that are served beside its own.</summary>
    public JsonArray MoreKeys { get; } = [];

    /// <summary>Path of the issuer, such as <c>/realms/shop</c>, and where its metadata is.</summary>
    public string Path { get; init; } = "";

    public string MetadataPath { get; init; } = "/.well-known/oauth-authorization-server";

    public async Task StartAsync()
    {
        Add("rsa-1", Shared.GetOrAdd(name, static _ => new Lazy<RSA>(() => RSA.Create(2048))).Value);
        Add("ec-1", ECDsa.Create(ECCurve.NamedCurves.nistP256));
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        _app.MapGet("/jwks", (RequestDelegate)KeysAsync);
        _app.MapGet("/jwks-moved", (RequestDelegate)(http => WriteAsync(http, Jwks())));
        _app.MapGet(MetadataPath, (RequestDelegate)MetadataAsync);
        await _app.StartAsync();
        Issuer = _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + Path;
    }

    public async ValueTask DisposeAsync()
    {
        _release.TrySetResult();
        if (_app is not null)
        {
            await _app.StopAsync();
            await _app.DisposeAsync();
        }

        foreach (var key in _keys.Values.Where(k => !Shared.Values.Any(s => s.IsValueCreated && ReferenceEquals(s.Value, k))))
        {
            key.Dispose();
        }
    }

    public void Add(string id, AsymmetricAlgorithm key) => _keys[id] = key;

    public void Remove(string id) => _keys.TryRemove(id, out _);

    public RSA Rsa(string id) => (RSA)_keys[id];

    /// <summary>A good token for the resource, signed with the current key.</summary>
    public string Token(string subject = "ada", string? scope = "products:read", params string[] groups) =>
        Sign(Claims(subject, scope, groups));

    public JsonObject Claims(string subject = "ada", string? scope = "products:read", params string[] groups)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var claims = new JsonObject
        {
            ["iss"] = Issuer,
            ["aud"] = Resource,
            ["sub"] = subject,
            ["iat"] = now,
            ["exp"] = now + 3600,
            ["groups"] = new JsonArray([.. groups.Select(g => (JsonNode)g)]),
            ["zone"] = "EU",
        };
        if (scope is not null)
        {
            claims["scope"] = scope;
        }

        return claims;
    }

    public string Sign(JsonObject claims, string algorithm = "RS256", string? keyId = null, Action<JsonObject>? header = null) =>
        Sign(claims.ToJsonString(), algorithm, keyId, header);

    public string Sign(string claims, string algorithm = "RS256", string? keyId = null, Action<JsonObject>? header = null)
    {
        keyId ??= KeyId;
        var head = new JsonObject { ["typ"] = "at+jwt", ["alg"] = algorithm, ["kid"] = keyId };
        header?.Invoke(head);
        var signed = Encode(head.ToJsonString()) + "." + Encode(claims);
        return signed + "." + Base64Url.EncodeToString(SignatureOf(_keys[keyId], algorithm, Encoding.ASCII.GetBytes(signed)));
    }

    public static string Encode(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));

    public static byte[] SignatureOf(AsymmetricAlgorithm key, string algorithm, byte[] data) => key switch
    {
        RSA rsa => rsa.SignData(data, HashAlgorithmName.SHA256, algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
        ECDsa ec => ec.SignData(data, HashAlgorithmName.SHA256),
        _ => throw new NotSupportedException(),
    };

    public static JsonObject Jwk(string id, AsymmetricAlgorithm key)
    {
        if (key is RSA rsa)
        {
            var parameters = rsa.ExportParameters(false);
            return new JsonObject { ["kty"] = "RSA", ["use"] = "sig", ["kid"] = id, ["n"] = Base64Url.EncodeToString(parameters.Modulus!), ["e"] = Base64Url.EncodeToString(parameters.Exponent!) };
        }

        var point = ((ECDsa)key).ExportParameters(false).Q;
        return new JsonObject { ["kty"] = "EC", ["crv"] = "P-256", ["kid"] = id, ["x"] = Base64Url.EncodeToString(point.X!), ["y"] = Base64Url.EncodeToString(point.Y!) };
    }

    private string Jwks() => new JsonObject
    {
        ["keys"] = new JsonArray([.. MoreKeys.Select(k => k!.DeepClone()), .. _keys.Select(k => (JsonNode)Jwk(k.Key, k.Value))]),
    }.ToJsonString();

    private async Task MetadataAsync(HttpContext http)
    {
        if (await MisbehavesAsync(http))
        {
            return;
        }

        var authority = $"{http.Request.Scheme}://{http.Request.Host}";
        await WriteAsync(http, RawMetadata.Length > 0 ? RawMetadata : new JsonObject { ["issuer"] = ClaimedIssuer.Length > 0 ? ClaimedIssuer : Issuer, ["jwks_uri"] = authority + "/jwks" }.ToJsonString());
    }

    private async Task KeysAsync(HttpContext http)
    {
        Interlocked.Increment(ref _fetches);
        if (await MisbehavesAsync(http))
        {
            return;
        }

        if (Mood == AuthorizationServerMood.RedirectsKeys)
        {
            http.Response.Redirect(RedirectTo);
            return;
        }

        if (CacheControl.Length > 0)
        {
            http.Response.Headers.CacheControl = CacheControl;
        }

        await WriteAsync(http, Mood == AuthorizationServerMood.HugeKeys ? "{\"keys\":[\"" + new string('x', 1_000_000) + "\"]}" : RawKeys.Length > 0 ? RawKeys : Jwks());
    }

    private async Task<bool> MisbehavesAsync(HttpContext http)
    {
        Requests.Enqueue($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString} {string.Join(' ', http.Request.Headers.Select(h => $"{h.Key}={h.Value}"))}");
        switch (Mood)
        {
            case AuthorizationServerMood.Down:
                http.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
                return true;
            case AuthorizationServerMood.Silent:
                await Task.WhenAny(_release.Task, Task.Delay(Timeout.Infinite, http.RequestAborted));
                return true;
            default:
                return false;
        }
    }

    private static Task WriteAsync(HttpContext http, string json)
    {
        http.Response.ContentType = "application/json";
        return http.Response.WriteAsync(json);
    }
}
