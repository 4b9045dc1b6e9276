namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Takes in every answer whole and refuses one that is too long to be vectors.</summary>
internal sealed class BoundedAnswers : DelegatingHandler
{
    /// <summary>Bytes of an answer: 2,048 vectors of 3,072 numbers as text.</summary>
    public const long MaxBytes = 128L << 20;

    /// <exception cref="HttpRequestException">The answer is longer.</exception>
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var response = await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        try
        {
            await response.Content.LoadIntoBufferAsync(MaxBytes, cancellationToken).ConfigureAwait(false);
            return response;
        }
        catch
        {
            response.Dispose();
            throw;
        }
    }
}
