using System.Text.Json;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace AiPlatform.McpServer.Mcp.Http;

/// <summary>A message of a client as it is read, from the body of a request or from a line alike. Holds the parsed bytes until disposed.</summary>
internal readonly struct IncomingMessage : IDisposable
{
    /// <summary>The refusal of a message that is longer than the transport takes.</summary>
    public static readonly RpcFault TooLarge = new(
        StatusCodes.Status413PayloadTooLarge, RpcErrors.Refused, "body_too_large", "The message is too large.");

    private static readonly RpcFault WrongShape = Malformed(RpcErrors.InvalidRequest, "The message does not have the shape its method asks for.");

    private readonly JsonDocument _document;

    private IncomingMessage(JsonDocument document, RpcEnvelope envelope)
    {
        _document = document;
        Envelope = envelope;
    }

    /// <summary>Who it is for and what it asks.</summary>
    public RpcEnvelope Envelope { get; }

    /// <summary>Reads one message that all JSON readers understand alike; null with the refusal otherwise. O(bytes).</summary>
    public static IncomingMessage? TryRead(ReadOnlyMemory<byte> bytes, out RpcFault? fault)
    {
        if (MessageGuard.Check(bytes.Span) is { } ambiguous)
        {
            fault = Malformed(RpcErrors.ParseError, ambiguous);
            return null;
        }

        var document = JsonDocument.Parse(bytes);
        if (RpcEnvelope.TryRead(document.RootElement, out var envelope, out var problem))
        {
            fault = null;
            return new IncomingMessage(document, envelope);
        }

        document.Dispose();
        fault = Malformed(RpcErrors.InvalidRequest, problem);
        return null;
    }

    /// <summary>The message as the SDK takes it; null with the refusal when the SDK cannot.</summary>
    public JsonRpcMessage? TryParse(out RpcFault? fault)
    {
        fault = null;
        try
        {
            var message = _document.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo<JsonRpcMessage>())!;

            // The SDK's transport reads these parameters outside of its own handling of errors.
            if (message is not JsonRpcRequest { Method: RequestMethods.Initialize } initialize
                || initialize.Params.Deserialize(McpJsonUtilities.DefaultOptions.GetTypeInfo<InitializeRequestParams>()) is not null)
            {
                return message;
            }
        }
        catch (JsonException)
        {
            // Told below, without the SDK's words.
        }

        fault = WrongShape;
        return null;
    }

    public void Dispose() => _document.Dispose();

    private static RpcFault Malformed(int rpcCode, string message) => new(StatusCodes.Status400BadRequest, rpcCode, "malformed_message", message);
}
