namespace AiPlatform.Indexer.Sources;

/// <summary>Where a source is. Immutable.</summary>
public sealed class SourceLocation
{
    private const string S3Scheme = "s3";

    private SourceLocation(string? path, Uri? uri, string display)
    {
        Path = path;
        Uri = uri;
        Display = display;
    }

    /// <summary>Path of a file or folder on this machine; null for anything else.</summary>
    public string? Path { get; }

    /// <summary>For messages and logs: without the query of a URL, which may hold a token.</summary>
    public string Display { get; }

    /// <summary>The URL of what is elsewhere; null for a path.</summary>
    internal Uri? Uri { get; }

    internal bool IsS3 => Uri?.Scheme == S3Scheme;

    /// <summary>Bucket of an S3 location.</summary>
    internal string Bucket => Uri!.Host;

    /// <summary>Key or prefix of an S3 location; empty for the whole bucket.</summary>
    internal string Key => Uri.UnescapeDataString(Uri!.AbsolutePath.TrimStart('/'));

    /// <summary>Reads a location. Looks at nothing but the text.</summary>
    /// <param name="text">A path, <c>file://…</c>, <c>s3://bucket/prefix</c>, <c>http://…</c> or <c>https://…</c>.</param>
    /// <exception cref="SourceException"><c>invalid_source</c>: it is none of these, or holds credentials.</exception>
    public static SourceLocation Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text) || text.Length > SourceLimits.LocationCharacters || text.Contains('\0', StringComparison.Ordinal))
        {
            throw new SourceException("invalid_source", $"The source is empty, or longer than {SourceLimits.LocationCharacters} characters. Name a file, a folder, s3://bucket/prefix or https://….");
        }

        var colon = text.IndexOf("://", StringComparison.Ordinal);
        if (colon <= 0)
        {
            return new SourceLocation(text, null, text);
        }

        var scheme = text[..colon].ToLowerInvariant();
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || scheme is not ("file" or S3Scheme or "http" or "https"))
        {
            throw new SourceException("invalid_source", $"A source at '{scheme}://' cannot be read. Name a file, a folder, s3://bucket/prefix, http://… or https://….");
        }

        if (uri.UserInfo.Length > 0)
        {
            // Not repeated: the message goes to logs.
            throw new SourceException("invalid_source", $"The source at {uri.Host} has a user or password in its URL, where logs and process lists show them. Set credentials in the section S3 or Feeds.");
        }

        return scheme == "file" ? OfFile(uri) : OfUrl(uri);
    }

    private static SourceLocation OfFile(Uri uri) =>
        uri.IsLoopback || uri.Host.Length == 0
            ? new SourceLocation(uri.LocalPath, null, uri.LocalPath)
            : throw new SourceException("invalid_source", $"The file is on another machine ({uri.Host}). Mount its folder and name the path.");

    private static SourceLocation OfUrl(Uri uri)
    {
        if (uri.Scheme == S3Scheme && (uri.Host.Length == 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0 || !uri.IsDefaultPort))
        {
            throw new SourceException("invalid_source", "An S3 source is written s3://bucket/prefix, without port, query or fragment; escape '?' and '#' of a key. The endpoint goes into S3:ServiceUrl.");
        }

        return new SourceLocation(null, uri, $"{uri.Scheme}://{uri.Authority}{uri.AbsolutePath}");
    }
}
