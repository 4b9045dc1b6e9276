using System.Net;

namespace AiPlatform.Bench.OpenSearch;

/// <summary>Keeps the last <c>_msearch</c> that went through it, to send the same bytes again without our code around them.</summary>
internal sealed class RecordingHandler() : DelegatingHandler(new SocketsHttpHandler { AutomaticDecompression = DecompressionMethods.None })
{
    /// <summary>Path and query of the last one.</summary>
    public string Path { get; private set; } = "";

    /// <summary>Its body.</summary>
    public byte[] Body { get; private set; } = [];

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (request.RequestUri!.AbsolutePath.EndsWith("/_msearch", StringComparison.Ordinal))
        {
            (Path, Body) = (request.RequestUri.PathAndQuery, await request.Content!.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false));
        }

        return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
    }
}
