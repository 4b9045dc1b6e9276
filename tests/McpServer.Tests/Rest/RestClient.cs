using System.Net;
using System.Text;
using System.Text.Json;
using AiPlatform.McpServer.Tests.Fixtures;

namespace AiPlatform.McpServer.Tests.Rest;

/// <summary>Requests over REST as bytes on the wire.</summary>
internal static class RestClient
{
    public static Task<RestResult> GetAsync(this TestServer server, string? key, string path, params (string Name, string Value)[] headers) =>
        server.RestAsync(HttpMethod.Get, key, path, null, "application/json", headers);

    public static Task<RestResult> PostAsync(this TestServer server, string? key, string path, string? body = null, params (string Name, string Value)[] headers) =>
        server.RestAsync(HttpMethod.Post, key, path, body, "application/json", headers);

    public static async Task<RestResult> RestAsync(this TestServer server, HttpMethod method, string? key, string path, string? body, string mediaType, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/api/v1/" + path);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, mediaType);
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(key.StartsWith("Bearer ", StringComparison.Ordinal) ? "Authorization" : "X-API-Key", key);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await server.Http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new RestResult(
            response.StatusCode,
            JsonElement.Parse(text),
            response.Headers.ToDictionary(h => h.Key, h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }
}

/// <summary>An answer, whose envelope has been looked at.</summary>
internal sealed record RestResult(HttpStatusCode Status, JsonElement Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Data => Body.TryGetProperty("data", out var data) ? data : throw new InvalidOperationException(Body.GetRawText());

    public JsonElement Error => Body.TryGetProperty("error", out var error) ? error : throw new InvalidOperationException(Body.GetRawText());

    public string? Code => Error.GetProperty("code").GetString();
}
