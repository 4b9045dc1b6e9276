namespace AiPlatform.McpServer.Console;

/// <summary>The platform opened for one command, without a server. Disposing closes it.</summary>
/// <param name="application">What was built but not started.</param>
internal sealed class OpenPlatform(WebApplication application) : IAsyncDisposable
{
    /// <summary>Keys, policy and catalog index.</summary>
    public IServiceProvider Services => application.Services;

    public ValueTask DisposeAsync() => application.DisposeAsync();
}
