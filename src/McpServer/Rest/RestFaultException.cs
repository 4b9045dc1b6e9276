namespace AiPlatform.McpServer.Rest;

/// <summary>Ends the handling of a request with an error.</summary>
internal sealed class RestFaultException(RestFault fault) : Exception(fault.Message)
{
    public RestFault Fault { get; } = fault;
}
