namespace AiPlatform.Clients.Tests.Foreign;

/// <summary>Over what a client reaches the server.</summary>
public enum Wire
{
    /// <summary>The running server.</summary>
    Http = 0,

    /// <summary>A process of the client's own over the same data folder.</summary>
    Stdio,
}
