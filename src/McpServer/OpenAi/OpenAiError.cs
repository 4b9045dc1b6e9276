using System.Buffers;
using System.Globalization;
using System.Text.Json;
using AiPlatform.McpServer.Mcp.Http;
using AiPlatform.Router.Calls;

namespace AiPlatform.McpServer.OpenAi;

/// <summary>An error in OpenAI's shape, which its clients turn into typed exceptions by the status.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Type">The kind, as OpenAI names it.</param>
/// <param name="Code">Stable code.</param>
/// <param name="Message">What is wrong and what to do.</param>
/// <param name="Param">The argument at fault; null for none.</param>
/// <param name="RetryAfter">When to come back; null when nobody said.</param>
internal sealed record OpenAiError(int Status, string Type, string Code, string Message, string? Param = null, TimeSpan? RetryAfter = null)
{
    private const string InvalidRequest = "invalid_request_error";
    private const string ServerError = "server_error";

    /// <summary>The error of a failure of the router. The provider's own type and code stand where there are any.</summary>
    public static OpenAiError Of(RouterException failure)
    {
        var (status, type) = KindOf(failure.Fault);
        return new OpenAiError(status, failure.ProviderType ?? type, failure.ProviderCode ?? failure.Code, failure.Message, failure.Argument, failure.RetryAfter);
    }

    /// <summary>The error of a refusal at the door.</summary>
    public static OpenAiError Of(RpcFault fault) => new(fault.Status, TypeOf(fault.Status), fault.Code, fault.Message);

    /// <summary>An error nobody expected.</summary>
    public static OpenAiError Internal(string message) => new(StatusCodes.Status500InternalServerError, ServerError, "internal_error", message);

    /// <summary>A wrong request.</summary>
    public static OpenAiError Wrong(int status, string code, string message, string? param = null) => new(status, InvalidRequest, code, message, param);

    /// <summary>Writes it.</summary>
    public async Task WriteAsync(HttpContext http)
    {
        var response = http.Response;
        response.StatusCode = Status;
        response.ContentType = "application/json";
        if (RetryAfter is { } after)
        {
            response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        Write(response.BodyWriter);
        await response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    private void Write(IBufferWriter<byte> into)
    {
        using var json = new Utf8JsonWriter(into);
        json.WriteStartObject();
        json.WriteStartObject("error"u8);
        json.WriteString("message"u8, Message);
        json.WriteString("type"u8, Type);
        json.WriteString("param"u8, Param);
        json.WriteString("code"u8, Code);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static (int Status, string Type) KindOf(RouterFault fault) => fault switch
    {
        RouterFault.InvalidRequest or RouterFault.NoEligibleModel or RouterFault.Refused => (StatusCodes.Status400BadRequest, InvalidRequest),
        RouterFault.ModelNotFound => (StatusCodes.Status404NotFound, InvalidRequest),
        RouterFault.TooLarge => (StatusCodes.Status413PayloadTooLarge, InvalidRequest),
        RouterFault.Throttled => (StatusCodes.Status429TooManyRequests, "rate_limit_error"),
        RouterFault.Timeout => (StatusCodes.Status504GatewayTimeout, ServerError),
        RouterFault.Unavailable => (StatusCodes.Status503ServiceUnavailable, ServerError),
        _ => (StatusCodes.Status502BadGateway, ServerError),
    };

    private static string TypeOf(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => "authentication_error",
        StatusCodes.Status403Forbidden => "permission_error",
        StatusCodes.Status429TooManyRequests => "rate_limit_error",
        >= 500 => ServerError,
        _ => InvalidRequest,
    };
}
