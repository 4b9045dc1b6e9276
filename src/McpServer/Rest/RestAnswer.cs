using System.Text.Json;

namespace AiPlatform.McpServer.Rest;

/// <summary>A successful answer.</summary>
/// <param name="Write">Writes the data, one JSON value.</param>
/// <param name="Status">HTTP status. Default 200.</param>
internal sealed record RestAnswer(Action<Utf8JsonWriter> Write, int Status = StatusCodes.Status200OK)
{
    /// <summary>Where to look for what was made; null for nothing.</summary>
    public string? Location { get; init; }

    /// <summary>The page that the data is; null for no list.</summary>
    public RestPage? Page { get; init; }

    /// <summary>Entries of the whole list, as the caller sees it.</summary>
    public int Total { get; init; }
}
