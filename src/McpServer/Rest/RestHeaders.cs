using System.Security.Cryptography;

namespace AiPlatform.McpServer.Rest;

/// <summary>What a request and its answer are called.</summary>
/// <param name="RequestId">Names this request: the caller's own <c>X-Request-ID</c>, or one that is made.</param>
/// <param name="CorrelationId">Names what it is part of: <c>X-Correlation-ID</c>, or one that is made.</param>
/// <param name="Key">The caller's own <c>X-Request-ID</c>; null when it gave none.</param>
internal sealed record RestHeaders(string RequestId, string CorrelationId, string? Key)
{
    public const string Request = "X-Request-ID";
    public const string Correlation = "X-Correlation-ID";

    private const int MaxLength = 128;
    private const int MadeBytes = 12;

    /// <summary>Reads both, with the fault of the first that cannot be used.</summary>
    public static RestHeaders Read(IHeaderDictionary headers, out RestFault? fault)
    {
        var request = Value(headers, Request, out var wrongRequest);
        var correlation = Value(headers, Correlation, out var wrongCorrelation);
        fault = wrongCorrelation ?? wrongRequest;
        return new RestHeaders(request ?? Make("req_"), correlation ?? Make("cor_"), request);
    }

    private static string? Value(IHeaderDictionary headers, string name, out RestFault? fault)
    {
        fault = null;
        var values = headers[name];
        if (values.Count == 0)
        {
            return null;
        }

        if (values.Count == 1 && values[0] is { Length: > 0 and <= MaxLength } value && value.All(c => c is > ' ' and <= '~'))
        {
            return value;
        }

        fault = new RestFault(StatusCodes.Status400BadRequest, "invalid_header", $"{name} must be one text of 1 to {MaxLength} printable ASCII characters without spaces.", name);
        return null;
    }

    private static string Make(string prefix) => prefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(MadeBytes));
}
