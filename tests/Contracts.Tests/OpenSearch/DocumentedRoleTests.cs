using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using AiPlatform.Contracts.Tests.Catalog;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Tests.OpenSearch;
using Xunit;

namespace AiPlatform.Contracts.Tests.OpenSearch;

/// <summary>The rights that docs/opensearch.md lists are enough for all the platform does, and say nothing of other indexes.</summary>
[Collection(SecureOpenSearchNode.SecureCollection)]
public sealed partial class DocumentedRoleTests(SecureOpenSearchNode node)
{
    private const string Catalog = "shoes";
    private const string Password = "Only-for-this-test-1";

    [SkippableFact]
    public async Task UserWithTheDocumentedRole_BuildsChangesRollsBackVerifiesAndSearches()
    {
        Skip.If(node.Missing is not null, node.Missing);
        var prefix = OpenSearchNode.NewPrefix();
        var options = node.Options(prefix);
        using var security = Security(options);
        var (cluster, index) = Documented();
        await PutAsync(security, $"roles/{prefix}", new { cluster_permissions = cluster, index_permissions = new[] { new { index_patterns = new[] { $"{prefix}-*" }, allowed_actions = index } } });
        await PutAsync(security, $"internalusers/{prefix}", new { password = Password, opendistro_security_roles = new[] { prefix } });
        (options.UserName, options.Password, options.OutageSeconds) = (prefix, Password, 30);
        await using var engine = new OpenSearchEngine(options);
        try
        {
            await UseAsync(engine);
        }
        finally
        {
            await engine.RemoveAsync();
            (await security.DeleteAsync($"internalusers/{prefix}")).Dispose();
            (await security.DeleteAsync($"roles/{prefix}")).Dispose();
        }
    }

    private static async Task UseAsync(OpenSearchEngine engine)
    {
        var system = CatalogScopes.System;
        await engine.Store.WaitUntilReadyAsync(system, Catalog, null, default);
        Assert.Empty(await engine.Store.CatalogNamesAsync(system, default));
        Assert.Empty(await engine.Store.ListGenerationsAsync(system, Catalog, default));
        await BuildAsync(engine, incremental: false, "a", "b");
        await BuildAsync(engine, incremental: true, "c");
        Assert.Equal(3, await CountAsync(engine));

        // Continued from a checkpoint by the next builder.
        await using (var abandoned = await BeginAsync(engine, incremental: false))
        {
            await abandoned.ResumeAsync("key", default);
            await PutAsync(abandoned, "d");
            await abandoned.AttachAsync("notes", new byte[] { 1, 2, 3 }, default);
            await abandoned.CheckpointAsync(1, default);
        }

        await using (var next = await BeginAsync(engine, incremental: false))
        {
            Assert.Equal(1, await next.ResumeAsync("key", default));
            await next.FinishAsync(deleteOthers: true, default);
            Assert.Equal(1, (await next.Candidate.SearchAsync(system, new ProductQuery { Catalog = Catalog }, default)).Total);
            await next.CommitAsync(default);
        }

        Assert.Equal(1, await CountAsync(engine));
        await engine.Store.RollbackAsync(system, Catalog, default);
        Assert.Equal(3, await CountAsync(engine));
        Assert.Empty(await engine.Store.VerifyAsync(system, Catalog, default));
        Assert.Equal(Catalog, Assert.Single(await engine.Index.ListCatalogsAsync(system, default)).Name);
        Assert.Equal("a", Assert.Single(await engine.Index.GetAsync(system, Catalog, ["a"], default)).Id);
        await engine.Index.ListFacetsAsync(system, new FacetQuery { Catalog = Catalog }, default);
        await engine.Index.SuggestAsync(system, new SuggestQuery { Catalog = Catalog, Prefix = "la" }, default);
        var journal = engine.Journal;
        await journal.AppendAsync(system, Catalog, [new byte[] { 1 }], default);
        await journal.TrimAsync(system, Catalog, (await journal.LastAsync(system, Catalog, default))!, default);
    }

    private static async Task<ICatalogBuild> BeginAsync(OpenSearchEngine engine, bool incremental) =>
        await engine.Store.BeginBuildAsync(CatalogScopes.System, new CatalogBuildRequest(Catalog, "test", "english", "", 0) { Incremental = incremental }, default);

    private static async Task PutAsync(ICatalogBuild build, string id) =>
        await build.PutAsync(new IndexedProduct(CatalogProducts.Plain(id, $"lamp {id}"), new ContentHash(1, id[0]), default, default, 1), default);

    private static async Task BuildAsync(OpenSearchEngine engine, bool incremental, params string[] ids)
    {
        await using var build = await BeginAsync(engine, incremental);
        foreach (var id in ids)
        {
            await PutAsync(build, id);
        }

        await build.FinishAsync(deleteOthers: !incremental, default);
        await build.CommitAsync(default);
    }

    private static async Task<long?> CountAsync(OpenSearchEngine engine) =>
        (await engine.Index.SearchAsync(CatalogScopes.System, new ProductQuery { Catalog = Catalog, Text = "lamp" }, default)).Total;

    private static (string[] Cluster, string[] Index) Documented()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "docs", "opensearch.md")))
        {
            folder = folder.Parent;
        }

        var lines = File.ReadAllLines(Path.Combine(folder!.FullName, "docs", "opensearch.md"));
        return (Rights("| cluster |"), Rights("| `aip-*` |"));

        string[] Rights(string row) => [.. Quoted().Matches(Assert.Single(lines, l => l.StartsWith(row, StringComparison.Ordinal))[row.Length..]).Select(m => m.Groups[1].Value)];
    }

    private static async Task PutAsync<T>(HttpClient security, string path, T body)
    {
        using var answer = await security.PutAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
    }

    /// <summary>Roles are made with the certificate of the node's administrator; no password may.</summary>
    private static HttpClient Security(OpenSearchOptions options)
    {
        var folder = Path.GetDirectoryName(options.CaFile)!;
        Skip.IfNot(File.Exists(Path.Combine(folder, "admin.key")), "The certificate of the node's administrator is not beside its authority; the documented role was not tried");
        using var pem = X509Certificate2.CreateFromPemFile(Path.Combine(folder, "admin.pem"), Path.Combine(folder, "admin.key"));
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.ImportFromPemFile(options.CaFile);
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.CertificateChainPolicy = policy;
        handler.SslOptions.ClientCertificates = [X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null)];
        return new HttpClient(handler) { BaseAddress = new Uri(new Uri(options.Nodes[0]), "/_plugins/_security/api/"), DefaultRequestVersion = HttpVersion.Version11 };
    }

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Quoted();
}
