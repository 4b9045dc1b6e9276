namespace AiPlatform.McpServer.Operations;

/// <summary>Whether the server has finished its start. Set once by the start, read by the health endpoint. Thread-safe.</summary>
internal sealed class ReadyState
{
    private volatile bool _ready;

    public bool IsReady => _ready;

    public void MarkReady() => _ready = true;
}
