using Xunit;

namespace AiPlatform.Tests.OpenSearch;

/// <summary>The same with TLS from an authority of its own, and users.</summary>
public sealed class SecureOpenSearchNode() : OpenSearchNode(secure: true)
{
    public const string SecureCollection = "opensearch secure";

    [CollectionDefinition(SecureCollection)]
    public sealed class SecureDefinition : ICollectionFixture<SecureOpenSearchNode>;
}
