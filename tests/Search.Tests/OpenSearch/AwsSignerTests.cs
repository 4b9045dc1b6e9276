using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Search.OpenSearch;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Tests.OpenSearch.Support;
using Amazon.Runtime;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

/// <summary>Signatures are checked as AWS checks them: written again from the request as it arrived, by a second hand that the published examples prove.</summary>
public sealed class AwsSignerTests
{
    private const string Secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    private const string EmptyDigest = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    [Theory]
    [InlineData("GET", "/", "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31")]
    [InlineData("POST", "/", "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b")]
    [InlineData("GET", "/", "Param2=value2&Param1=value1", "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500")]
    public void Reference_PublishedExamples_AreMet(string method, string path, string query, string signature)
    {
        var headers = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["host"] = "example.amazonaws.com", ["x-amz-date"] = "20150830T123600Z" };
        Assert.Equal(signature, Sign(method, path, query, headers, EmptyDigest, "20150830/us-east-1/service/aws4_request"));
    }

    [Theory]
    [InlineData("es", "POST", "/aip-shoes.00000001.1/_search?routing=a%20b&_source=id,name", "{\"query\":{\"match_all\":{}}}")]
    [InlineData("aoss", "GET", "/_cat/indices/aip-*?format=json&h=index", "")]
    [InlineData("es", "PUT", "/aip--meta/_doc/state.shoes?op_type=create&refresh=true", "{}")]
    public async Task Request_AsItArrives_CarriesTheSignatureOfItself(string service, string method, string path, string body)
    {
        await using var stub = await StubCluster.StartAsync((context, _) => StubCluster.Says(200, "{}")(context));
        var options = stub.Options();
        (options.Authentication, options.Region, options.Service) = (OpenSearchAuthentication.Aws, "eu-central-1", service);
        var signer = new AwsSigner(options, new SessionAWSCredentials("AKIDEXAMPLE", Secret, "a-session"), TimeProvider.System);
        using var connection = stub.Connect(options, signer);
        (await connection.SendAsync(new OpenSearchRequest(new HttpMethod(method), path) { Body = Encoding.UTF8.GetBytes(body) }, default)).Dispose();

        var (line, headers, arrived) = Assert.Single(stub.Requests);
        var target = line[(method.Length + 1)..].Split('?');
        var parts = headers["Authorization"]["AWS4-HMAC-SHA256 ".Length..].Split(',', StringSplitOptions.TrimEntries).Select(p => p.Split('=', 2)).ToDictionary(p => p[0], p => p[1]);
        var scope = parts["Credential"]["AKIDEXAMPLE/".Length..];
        Assert.EndsWith($"/eu-central-1/{service}/aws4_request", scope, StringComparison.Ordinal);
        var signed = new SortedDictionary<string, string>(parts["SignedHeaders"].Split(';').ToDictionary(n => n, n => headers[n]), StringComparer.Ordinal);
        Assert.Contains("host", signed.Keys);
        Assert.Equal("a-session", signed["x-amz-security-token"]);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(arrived)));
        Assert.Equal(digest, signed["x-amz-content-sha256"]);
        Assert.Equal(Sign(method, target[0], target.Length > 1 ? target[1] : "", signed, digest, scope), parts["Signature"]);
    }

    private static string Sign(string method, string path, string query, SortedDictionary<string, string> headers, string digest, string scope)
    {
        var canonicalPath = string.Join('/', path.Split('/').Select(Uri.EscapeDataString));
        var canonicalQuery = string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(p => p.Split('=', 2)).Select(p => $"{Escaped(p[0])}={(p.Length > 1 ? Escaped(p[1]) : "")}").Order(StringComparer.Ordinal));
        var canonical = $"{method}\n{canonicalPath}\n{canonicalQuery}\n{string.Concat(headers.Select(h => $"{h.Key}:{h.Value.Trim()}\n"))}\n{string.Join(';', headers.Keys)}\n{digest}";
        var toSign = $"AWS4-HMAC-SHA256\n{headers["x-amz-date"]}\n{scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var key = scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + Secret), (k, part) => HMACSHA256.HashData(k, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(toSign)));
    }

    private static string Escaped(string part) => Uri.EscapeDataString(Uri.UnescapeDataString(part)).ToString(CultureInfo.InvariantCulture);
}
