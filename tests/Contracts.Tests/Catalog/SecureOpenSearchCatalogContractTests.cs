using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.Catalog;

[Collection(SecureOpenSearchNode.SecureCollection)]
[CoversCatalog(typeof(Search.OpenSearch.OpenSearchCatalogStore))]
public sealed class SecureOpenSearchCatalogContractTests(SecureOpenSearchNode node) : OpenSearchCatalogContractTests(node);
