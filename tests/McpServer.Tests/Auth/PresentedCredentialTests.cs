using AiPlatform.McpServer.Auth;
using Microsoft.AspNetCore.Http;

namespace AiPlatform.McpServer.Tests.Auth;

public sealed class PresentedCredentialTests
{
    [Theory]
    [InlineData(null, null, CredentialKind.None, "")]
    [InlineData("aip_1", null, CredentialKind.Key, "aip_1")]
    [InlineData(null, "Bearer aip_1", CredentialKind.Key, "aip_1")]
    [InlineData(null, "bearer  aip_1 ", CredentialKind.Key, "aip_1")]
    [InlineData("aip_1", "Bearer aip_1", CredentialKind.Key, "aip_1")]
    [InlineData("aip_1", "Bearer aip_2", CredentialKind.Invalid, "")]
    [InlineData("aip_1", "Bearer a.b.c", CredentialKind.Invalid, "")]
    [InlineData("", "Bearer a.b.c", CredentialKind.Invalid, "")]
    [InlineData("aip_1", "Basic YTpi", CredentialKind.Invalid, "")]
    [InlineData("", null, CredentialKind.Invalid, "")]
    [InlineData(null, "", CredentialKind.Invalid, "")]
    [InlineData(null, "Bearer ", CredentialKind.Invalid, "")]
    [InlineData(null, "a.b.c", CredentialKind.Invalid, "")]
    [InlineData(null, "Bearer a.b.c", CredentialKind.Token, "a.b.c")]
    [InlineData("no prefix", null, CredentialKind.Key, "no prefix")]
    public void Headers_OfEachForm_AreOneCredentialOrNone(string? key, string? authorization, object kind, string value)
    {
        var headers = new HeaderDictionary();
        if (key is not null)
        {
            headers["X-API-Key"] = key;
        }

        if (authorization is not null)
        {
            headers["Authorization"] = authorization;
        }

        Assert.Equal(new PresentedCredential((CredentialKind)kind, value), PresentedCredential.Read(headers));
    }

    [Fact]
    public void Headers_RepeatedOrLong_AreInvalid()
    {
        Assert.Equal(CredentialKind.Invalid, PresentedCredential.Read(new HeaderDictionary { ["X-API-Key"] = new(["aip_1", "aip_1"]) }).Kind);
        Assert.Equal(CredentialKind.Invalid, PresentedCredential.Read(new HeaderDictionary { ["Authorization"] = new(["Bearer a.b.c", "Bearer a.b.c"]) }).Kind);
        Assert.Equal(CredentialKind.Invalid, PresentedCredential.Read(new HeaderDictionary { ["X-API-Key"] = "aip_" + new string('x', 253) }).Kind);
        Assert.Equal(CredentialKind.Key, PresentedCredential.Read(new HeaderDictionary { ["X-API-Key"] = "aip_" + new string('x', 252) }).Kind);
    }

    [Fact]
    public void Credential_Written_ShowsNoSecret() => Assert.Equal("Key", new PresentedCredential(CredentialKind.Key, "aip_secret").ToString());
}
