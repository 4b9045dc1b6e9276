namespace AiPlatform.McpServer.Mcp.Http.Events;

/// <summary>The right of one GET to the unsolicited messages of a session.</summary>
internal sealed class StreamClaim : IDisposable
{
    private readonly CancellationTokenSource _relieved = new();

    public StreamClaim() => Relieved = _relieved.Token;

    /// <summary>Ends when another GET has taken over.</summary>
    public CancellationToken Relieved { get; }

    /// <summary>Where the messages go as they come; null while they are read from memory.</summary>
    public EventBody? Body { get; set; }

    public async ValueTask RelieveAsync()
    {
        try
        {
            await _relieved.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // The GET ended in this moment.
        }
    }

    public void Dispose() => _relieved.Dispose();
}
