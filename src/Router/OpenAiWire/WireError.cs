using System.Text.Json;
using AiPlatform.Router.Calls;

namespace AiPlatform.Router.OpenAiWire;

/// <summary>Errors in OpenAI's shape: <c>{"error":{"message","type","param","code"}}</c>.</summary>
public static class WireError
{
    /// <summary>Code of content that is a model's refusal.</summary>
    public const string Refusal = "refusal";

    private const int MaxText = 1_000;

    /// <summary>The error of a body; what is no error of this shape leaves the provider's words out.</summary>
    /// <param name="body">The body.</param>
    /// <param name="fault">What the status says went wrong.</param>
    /// <param name="status">The status.</param>
    /// <param name="retryAfter">How long the provider asks to wait.</param>
    public static RouterException Read(ReadOnlyMemory<byte> body, RouterFault fault, int status, TimeSpan? retryAfter)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("error", out var error))
            {
                return Read(error, fault, status, retryAfter);
            }
        }
        catch (JsonException)
        {
            // A page of a proxy, most likely. The status says enough.
        }

        return new RouterException(fault, $"The provider answered {status}.") { ProviderStatus = status, RetryAfter = retryAfter };
    }

    /// <summary>The error object of an answer or a stream.</summary>
    internal static RouterException Read(JsonElement error, RouterFault fault, int? status = null, TimeSpan? retryAfter = null)
    {
        if (fault is RouterFault.Credentials or RouterFault.LacksModel)
        {
            // The provider's words may quote a part of the key, or name what only operators should know.
            return new RouterException(fault, fault == RouterFault.Credentials ? "The provider refused the platform's credentials." : "The provider does not know the model.") { ProviderStatus = status };
        }

        var message = error.ValueKind == JsonValueKind.String ? error.GetString() : Text(error, "message");
        return new RouterException(fault, message is { Length: > 0 } ? message.Length > MaxText ? message[..MaxText] : message : "The provider failed without a word.")
        {
            ProviderStatus = status,
            RetryAfter = retryAfter,
            ProviderType = Text(error, "type"),
            ProviderCode = Text(error, "code"),
            Argument = Text(error, "param"),
        };
    }

    private static string? Text(JsonElement error, string name) =>
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty(name, out var value) ? value.ValueKind switch
        {
            JsonValueKind.String => value.GetString(),
            JsonValueKind.Number => value.GetRawText(),
            _ => null,
        }
        : null;
}
