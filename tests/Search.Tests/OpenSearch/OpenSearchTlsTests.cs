using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Tests.OpenSearch.Support;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

public sealed class OpenSearchTlsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("aip-tls-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("ours", "127.0.0.1", true)]
    [InlineData("ours", "search.example", false)]
    [InlineData("theirs", "127.0.0.1", false)]
    [InlineData("", "127.0.0.1", false)]
    public async Task Certificate_IsTrusted_OnlyFromTheAuthorityAndForTheName(string trusted, string name, bool works)
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");
        using var certificate = Signed(ours, name);
        await using var stub = await StubCluster.StartAsync((context, _) => StubCluster.Says(200, "{}")(context), certificate);
        var options = stub.Options();
        (options.MaxRetries, options.CaFile) = (0, trusted.Length == 0 ? "" : Path.Combine(_folder, trusted + ".pem"));
        using var connection = stub.Connect(options);
        if (works)
        {
            using var answer = await connection.SendAsync(OpenSearchRequest.Get("/"), default);
            Assert.StartsWith("https://", stub.Url, StringComparison.Ordinal);
        }
        else
        {
            var refused = await Assert.ThrowsAsync<OpenSearchException>(async () => (await connection.SendAsync(OpenSearchRequest.Get("/"), default)).Dispose());
            Assert.Equal((OpenSearchErrors.Untrusted, true, false), (refused.Code, refused.NeverSent, refused.IsTransient));
            Assert.Contains("certificate is invalid", refused.Message, StringComparison.Ordinal);
            Assert.Empty(stub.Requests);
        }
    }

    [Fact]
    public async Task Https_AgainstAServerWithout_IsToldAtOnce_AndStillWhenTheCircuitIsOpen()
    {
        await using var stub = await StubCluster.StartAsync(StubCluster.Says(200, "{}"));
        var options = new OpenSearchOptions { Nodes = [stub.Url.Replace("http:", "https:", StringComparison.Ordinal)], MaxRetries = 0, BreakerFailures = 2, BreakerMilliseconds = 600_000 };
        using var connection = stub.Connect(options);
        for (var attempt = 0; attempt < 4; attempt++)
        {
            var refused = await Assert.ThrowsAsync<OpenSearchException>(async () => (await connection.SendAsync(OpenSearchRequest.Get("/"), default)).Dispose());
            Assert.Equal((OpenSearchErrors.Untrusted, attempt >= 2), (refused.Code, refused.CircuitOpen));
            Assert.Contains("speaks https", refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Certificate_OfOneNodeOfTwo_LeavesTheOtherToAnswer()
    {
        using var ours = Authority("ours");
        using var theirs = Authority("theirs");
        using var good = Signed(ours, "127.0.0.1");
        using var bad = Signed(theirs, "127.0.0.1");
        await using var stranger = await StubCluster.StartAsync((context, _) => StubCluster.Says(200, "{}")(context), bad);
        await using var stub = await StubCluster.StartAsync((context, _) => StubCluster.Says(200, "{}")(context), good);
        var options = stub.Options(stranger.Url);
        options.CaFile = Path.Combine(_folder, "ours.pem");
        using var connection = stub.Connect(options);
        for (var i = 0; i < 4; i++)
        {
            using var answer = await connection.SendAsync(OpenSearchRequest.Get("/"), default);
        }

        Assert.Equal((0, 4), (stranger.Requests.Count, stub.Requests.Count));
    }

    private X509Certificate2 Authority(string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        var authority = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        File.WriteAllText(Path.Combine(_folder, name + ".pem"), authority.ExportCertificatePem());
        return authority;
    }

    private static X509Certificate2 Signed(X509Certificate2 authority, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=node", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(name, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(name);
        }

        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.Create(authority, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddDays(7), RandomNumberGenerator.GetBytes(8));
        using var whole = certificate.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
