using System.Text.Json;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>Reads an event stream line by line, comments included, so that a test sees what is on the wire.</summary>
internal sealed class EventReader(HttpResponseMessage response) : IAsyncDisposable
{
    /// <summary>How long anything may take on a busy machine.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private StreamReader? _lines;

    public string? LastId { get; private set; }

    public string? Retry { get; private set; }

    public List<string> Comments { get; } = [];

    /// <summary>The data of the next event; null at the end of the stream.</summary>
    public async Task<string?> NextAsync()
    {
        _lines ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        string? data = null;
        while (await _lines.ReadLineAsync().WaitAsync(Patience) is { } line)
        {
            if (line.Length == 0 && data is not null)
            {
                return data;
            }

            if (line.StartsWith(':'))
            {
                Comments.Add(line);
            }
            else if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line[4..];
            }
            else if (line.StartsWith("retry: ", StringComparison.Ordinal))
            {
                Retry = line[7..];
            }
            else if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                data = line[5..].Trim();
            }
        }

        return null;
    }

    /// <summary>The next message: events without data are passed over.</summary>
    public async Task<JsonElement?> MessageAsync()
    {
        string? data;
        do
        {
            data = await NextAsync();
        }
        while (data is "");

        return data is null ? null : JsonElement.Parse(data);
    }

    /// <summary>The next line as it is, for comments.</summary>
    public async Task<string?> LineAsync()
    {
        _lines ??= new StreamReader(await response.Content.ReadAsStreamAsync());
        return await _lines.ReadLineAsync().WaitAsync(Patience);
    }

    public ValueTask DisposeAsync()
    {
        _lines?.Dispose();
        response.Dispose();
        return ValueTask.CompletedTask;
    }
}
