using AiPlatform.Indexer.Pipeline;

namespace AiPlatform.Indexer.Tests.Support;

/// <summary>The real embedders behind the gate <see cref="Step"/> of a store.</summary>
internal sealed class GatedEmbedders(IEmbedderProvider embedders, GatedStore gates) : IEmbedderProvider
{
    public const string Step = "prepare";

    public async ValueTask<PreparedEmbedder?> PrepareAsync(EmbedderRequest request, CancellationToken cancellationToken)
    {
        await gates.PassAsync(Step, cancellationToken);
        return await embedders.PrepareAsync(request, cancellationToken);
    }
}
