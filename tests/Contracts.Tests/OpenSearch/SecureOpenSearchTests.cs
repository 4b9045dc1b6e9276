using AiPlatform.Contracts.Tests.Catalog;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.OpenSearch;

[Collection(SecureOpenSearchNode.SecureCollection)]
public sealed class SecureOpenSearchTests(SecureOpenSearchNode node)
{
    [SkippableFact]
    public async Task WrongPassword_IsUnauthorized_AndNotRepeatedInTheMessage()
    {
        Skip.If(node.Missing is not null, node.Missing);
        var options = node.Options(OpenSearchNode.NewPrefix());
        options.Password = "wrong-sesame";
        await using var engine = new OpenSearchEngine(options);
        var refused = await Assert.ThrowsAsync<OpenSearchException>(() => engine.Store.CatalogNamesAsync(CatalogScopes.System, default).AsTask());
        Assert.Equal((OpenSearchErrors.Unauthorized, 401), (refused.Code, refused.Status));
        Assert.DoesNotContain("sesame", refused.ToString(), StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task User_WhoMayOnlyRead_IsForbiddenToBuild()
    {
        Skip.If(node.Missing is not null, node.Missing);
        var options = node.Options(OpenSearchNode.NewPrefix());
        options.UserName = "reader";
        await using var engine = new OpenSearchEngine(options);
        var refused = await Assert.ThrowsAsync<OpenSearchException>(() =>
            engine.Store.BeginBuildAsync(CatalogScopes.System, new CatalogBuildRequest("shoes", "test", "english", "", 0), default).AsTask());
        Assert.Equal(OpenSearchErrors.Forbidden, refused.Code);
    }

    [SkippableFact]
    public async Task Authority_ThatIsNotTrusted_IsNotSpokenTo()
    {
        Skip.If(node.Missing is not null, node.Missing);
        var options = node.Options(OpenSearchNode.NewPrefix());
        options.CaFile = "";
        await using var engine = new OpenSearchEngine(options);

        // Told at once, and not waited out.
        var refused = await Assert.ThrowsAsync<OpenSearchException>(() => engine.Store.WaitUntilReadyAsync(CatalogScopes.System, "shoes", null, default).AsTask());
        Assert.Equal(OpenSearchErrors.Untrusted, refused.Code);
        Assert.Contains("certificate is invalid", refused.Message, StringComparison.Ordinal);
    }
}
