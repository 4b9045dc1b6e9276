namespace AiPlatform.McpServer.Console;

/// <summary>What commands opened, closed when the program ends, so that everything they wrote is on disk.</summary>
internal sealed class OpenedPlatforms : IAsyncDisposable
{
    private readonly List<WebApplication> _opened = [];

    public WebApplication Keep(WebApplication application)
    {
        _opened.Add(application);
        return application;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var application in _opened)
        {
            await application.DisposeAsync();
        }
    }
}
