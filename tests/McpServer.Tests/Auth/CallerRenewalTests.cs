using AiPlatform.McpServer.Auth;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth;

public sealed class CallerRenewalTests : IAsyncLifetime
{
    private readonly TestServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Renew_NothingChanged_AnswersTheSameCaller()
    {
        var caller = await AdmitAsync(_server.Europe);

        Assert.Same(caller, await RenewAsync(caller));
    }

    [Fact]
    public async Task Renew_KeyRevoked_AnswersNull()
    {
        var key = _server.Keys.Add("passing", "EU", "eu-retail");
        var caller = await AdmitAsync(key);
        _server.Keys.Revoke(key);

        Assert.Null(await RenewAsync(caller));
    }

    [Fact]
    public async Task Renew_PolicyChanged_AnswersTheRightsOfNow()
    {
        var caller = await AdmitAsync(_server.Europe);
        var before = _server.Policy.Current;
        _server.Policy.Current = before with { Version = "test-2", Groups = before.Groups.Remove("eu-retail") };

        var renewed = await RenewAsync(caller);

        Assert.NotNull(renewed);
        Assert.Equal(caller.Subject, renewed.Subject);
        Assert.Empty(renewed.Scope.Groups);
        Assert.Same(renewed, await RenewAsync(renewed));
    }

    [Fact]
    public async Task Renew_GroupContext_StaysNarrowedOrEnds()
    {
        var key = _server.Keys.Add("both", "EU", "eu-retail", "partners");
        var caller = await AdmitAsync(key, "partners");
        var before = _server.Policy.Current;
        _server.Policy.Current = before with { Version = "test-2" };
        var renewed = await RenewAsync(caller);
        _server.Policy.Current = before with { Version = "test-3", Groups = before.Groups.Remove("partners") };
        var ended = await RenewAsync(caller);

        Assert.Equal<string>(["partners"], renewed!.Scope.Groups);
        Assert.Equal("test-2", renewed.Scope.PolicyVersion);
        Assert.Null(ended);
    }

    [Fact]
    public async Task Renew_CountsNoRequest()
    {
        var key = _server.Keys.Add("slow", "EU", "slow");
        var caller = await AdmitAsync(key);
        for (var i = 0; i < 50; i++)
        {
            Assert.NotNull(await RenewAsync(caller));
        }

        Assert.Equal(8, (await OutcomeAsync(key)).Rate!.Value.RemainingMinute);
    }

    [Fact]
    public async Task Renew_IsNoUseOfTheKey()
    {
        var caller = await AdmitAsync(_server.Europe);
        var uses = _server.Keys.Uses;

        Assert.NotNull(await RenewAsync(caller));

        Assert.Equal((uses, 1), (_server.Keys.Uses, _server.Keys.Rechecks));
    }

    [Fact]
    public async Task Caller_Written_ShowsNoKey()
    {
        var caller = await AdmitAsync(_server.Europe);

        Assert.DoesNotContain(_server.Europe, caller.ToString(), StringComparison.Ordinal);
    }

    private static ValueTask<Caller?> RenewAsync(Caller caller) => caller.Renewal!.RenewAsync(CancellationToken.None);

    private async Task<Caller> AdmitAsync(string key, string? groups = null) => (await OutcomeAsync(key, groups)).Caller!;

    private async Task<AuthenticationOutcome> OutcomeAsync(string key, string? groups = null)
    {
        var headers = new HeaderDictionary { [PresentedCredential.KeyHeader] = key };
        if (groups is not null)
        {
            headers[GroupContext.Header] = groups;
        }

        return await _server.Services.GetRequiredService<CallerAuthentication>().AuthenticateAsync(headers, CancellationToken.None);
    }
}
