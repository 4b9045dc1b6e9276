using System.Collections.Immutable;
using System.Data.Common;
using AiPlatform.Core.Access;
using AiPlatform.Storage;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AiPlatform.Contracts.Tests.Keys;

/// <summary>What every <see cref="IApiKeyStore"/> must do. A subclass says how to get one on a fresh database.</summary>
public abstract class ApiKeyStoreContract : IAsyncLifetime
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 30, TimeSpan.Zero);
    private readonly ManualTime _time = new(Start);
    private readonly TestScopes _scopes = new();
    private readonly RecordedAudit _audit = new();
    private readonly List<ServiceProvider> _nodes = [];
    private IApiKeyStore? _store;

    private IApiKeyStore Store => _store ??= NewNode();

    /// <summary>Points the options at the fresh database of this test; skips where the database is absent.</summary>
    protected abstract void Configure(StorageOptions options);

    /// <summary>A connection to the same database.</summary>
    protected abstract DbConnection Connect();

    public abstract Task InitializeAsync();

    public async Task DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await CleanAsync();
    }

    protected abstract Task CleanAsync();

    [SkippableFact]
    public async Task Create_AnswersSecretOnceInItsForm()
    {
        var issued = await Store.CreateAsync(_scopes.Administrator, Request(), default);

        Assert.Matches("^aip_[0-9A-Za-z]{8}_[0-9A-Za-z_-]{43}$", issued.Secret);
        Assert.Equal(issued.Secret[..12], issued.Record.Prefix);
        Assert.DoesNotContain(issued.Secret[13..], issued.ToString(), StringComparison.Ordinal);
        Assert.Equal("caller-in-admins", issued.Record.CreatedBy);
    }

    [SkippableFact]
    public async Task Create_DatabaseHoldsNeitherSecretNorPlainHash()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);

        using var connection = Connect();
        var row = string.Join('|', ((IDictionary<string, object?>)connection.QuerySingle("SELECT * FROM api_keys")).Values);
        Assert.Contains(issued.Record.Id, row, StringComparison.Ordinal);
        Assert.DoesNotContain(issued.Secret[13..], row, StringComparison.Ordinal);
        var plain = System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(issued.Secret));
        Assert.DoesNotContain(Convert.ToHexStringLower(plain), row, StringComparison.Ordinal);
    }

    [SkippableFact]
    public async Task Create_ManyKeys_AllDifferentPrefixAndSecret()
    {
        var keys = new List<IssuedApiKey>();
        for (var i = 0; i < 50; i++)
        {
            keys.Add(await Store.CreateAsync(_scopes.System, Request(), default));
        }

        Assert.Equal(50, keys.Select(k => k.Secret[13..]).Distinct().Count());
        Assert.Equal(50, keys.Select(k => k.Record.Prefix).Distinct().Count());
        Assert.Equal(50, keys.Select(k => k.Record.Id).Distinct().Count());
    }

    [SkippableFact]
    public async Task Authenticate_RightKey_AnswersWholeRecord()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(expires: Start.AddDays(1)), default);

        foreach (var node in new[] { Store, Store, NewNode() })
        {
            var found = await node.AuthenticateAsync(issued.Secret, default);

            Assert.NotNull(found);
            Assert.Equal(issued.Record.Id, found.Id);
            Assert.Equal<string>(["eu-retail", "partners"], found.Groups);
            Assert.Equal("EU", found.Attributes["region"]);
            Assert.Equal(Start.AddDays(1), found.ExpiresAt);
            Assert.Equal("system:test", found.CreatedBy);
        }
    }

    [SkippableFact]
    public async Task Authenticate_AnyChangedCharacter_IsRefused()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);
        Assert.NotNull(await Store.AuthenticateAsync(issued.Secret, default));

        for (var i = 0; i < issued.Secret.Length; i++)
        {
            var wrong = issued.Secret.ToCharArray();
            wrong[i] = wrong[i] == 'A' ? 'B' : 'A';
            Assert.Null(await Store.AuthenticateAsync(new string(wrong), default));
        }
    }

    [SkippableTheory]
    [InlineData("")]
    [InlineData("aip_")]
    [InlineData("' OR 1=1 --")]
    [InlineData("aip_00000000_0000000000000000000000000000000000000000000")]
    [InlineData("aip_0000000é_0000000000000000000000000000000000000000000")]
    public async Task Authenticate_MalformedOrUnknown_IsRefused(string presented)
    {
        await Store.CreateAsync(_scopes.System, Request(), default);

        Assert.Null(await Store.AuthenticateAsync(presented, default));
        Assert.Null(await Store.AuthenticateAsync(new string('a', 100_000), default));
    }

    [SkippableFact]
    public async Task Authenticate_PrefixOfOneSecretOfAnother_IsRefused()
    {
        var one = await Store.CreateAsync(_scopes.System, Request(), default);
        var two = await Store.CreateAsync(_scopes.System, Request(), default);

        Assert.Null(await Store.AuthenticateAsync(one.Secret[..12] + two.Secret[12..], default));
    }

    [SkippableFact]
    public async Task Authenticate_AtExpiry_IsRefusedEvenWhenJustUsed()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(expires: Start.AddMilliseconds(500)), default);
        _time.Advance(TimeSpan.FromMilliseconds(499));
        Assert.NotNull(await Store.AuthenticateAsync(issued.Secret, default));

        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Null(await Store.AuthenticateAsync(issued.Secret, default));
    }

    [SkippableFact]
    public async Task Revoke_SameNode_IsEffectiveAtOnce()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);
        Assert.NotNull(await Store.AuthenticateAsync(issued.Secret, default));

        await Store.RevokeAsync(_scopes.Administrator, issued.Record.Id, default);

        Assert.Null(await Store.AuthenticateAsync(issued.Secret, default));
    }

    [SkippableFact]
    public async Task Revoke_OtherNode_IsEffectiveWithinASecond()
    {
        var other = NewNode();
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);
        Assert.NotNull(await other.AuthenticateAsync(issued.Secret, default));

        await Store.RevokeAsync(_scopes.Administrator, issued.Record.Prefix, default);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await other.AuthenticateAsync(issued.Secret, default));
    }

    [SkippableFact]
    public async Task Revoke_Twice_KeepsFirstTime()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);
        var first = await Store.RevokeAsync(_scopes.Administrator, issued.Record.Id, default);
        _time.Advance(TimeSpan.FromHours(1));

        var second = await Store.RevokeAsync(_scopes.Administrator, issued.Record.Prefix, default);

        Assert.Equal(Start, first!.RevokedAt);
        Assert.Equal(Start, second!.RevokedAt);
    }

    [SkippableFact]
    public async Task Revoke_Unknown_AnswersNullAndTouchesNothing()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);

        Assert.Null(await Store.RevokeAsync(_scopes.System, "nothing", default));
        Assert.Null(await Store.RevokeAsync(_scopes.System, "%", default));

        Assert.NotNull(await Store.AuthenticateAsync(issued.Secret, default));
    }

    [SkippableFact]
    public async Task List_AnswersNewestFirst()
    {
        var first = await Store.CreateAsync(_scopes.System, Request("first"), default);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        var second = await Store.CreateAsync(_scopes.System, Request("second"), default);

        var all = await NewNode().ListAsync(_scopes.Of("readers-of-keys"), default);

        Assert.Equal([second.Record.Id, first.Record.Id], all.Select(k => k.Id));
        Assert.Null(all[0].LastUsedAt);
    }

    [SkippableFact]
    public async Task LastUsed_IsNotedToTheMinuteAndNeverGoesBack()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);
        await Store.AuthenticateAsync(issued.Secret, default);
        var early = Assert.Single(await Store.ListAsync(_scopes.System, default));
        _time.Advance(TimeSpan.FromMinutes(5));
        await Store.AuthenticateAsync(issued.Secret, default);
        await Store.AuthenticateAsync(issued.Secret, default);
        var late = Assert.Single(await Store.ListAsync(_scopes.System, default));

        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), early.LastUsedAt);
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 5, 0, TimeSpan.Zero), late.LastUsedAt);

        _time.Advance(TimeSpan.FromMinutes(-3));
        await NewNode().AuthenticateAsync(issued.Secret, default);
        Assert.Equal(late.LastUsedAt, Assert.Single(await Store.ListAsync(_scopes.System, default)).LastUsedAt);
    }

    [SkippableFact]
    public async Task LastUsed_Recheck_IsNotNotedAndHidesNoUse()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);

        Assert.Equal(issued.Record.Id, (await Store.RecheckAsync(issued.Secret, default))!.Id);
        Assert.Null(Assert.Single(await Store.ListAsync(_scopes.System, default)).LastUsedAt);

        // Still remembered from the recheck: the use counts all the same.
        Assert.NotNull(await Store.AuthenticateAsync(issued.Secret, default));
        Assert.NotNull(Assert.Single(await Store.ListAsync(_scopes.System, default)).LastUsedAt);
    }

    [SkippableFact]
    public async Task Recheck_OfWhatIsNoKeyOrRevokedOrExpired_AnswersNull()
    {
        var revoked = await Store.CreateAsync(_scopes.System, Request(), default);
        var expired = await Store.CreateAsync(_scopes.System, Request(expires: Start.AddSeconds(1)), default);
        Assert.NotNull(await Store.RecheckAsync(revoked.Secret, default));
        Assert.NotNull(await Store.RecheckAsync(expired.Secret, default));

        await Store.RevokeAsync(_scopes.System, revoked.Record.Id, default);
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await Store.RecheckAsync(revoked.Secret, default));
        Assert.Null(await Store.RecheckAsync(expired.Secret, default));
        Assert.Null(await Store.RecheckAsync("aip_", default));
        Assert.Null(await Store.RecheckAsync(revoked.Secret[..^5] + "AAAAA", default));
    }

    [SkippableFact]
    public async Task LastUsed_WrongKey_IsNotNoted()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);

        await Store.AuthenticateAsync(issued.Secret[..^5] + "AAAAA", default);

        Assert.Null(Assert.Single(await Store.ListAsync(_scopes.System, default)).LastUsedAt);
    }

    [SkippableTheory]
    [InlineData("members")]
    [InlineData("admins-without-keys")]
    [InlineData("readers-of-keys")]
    [InlineData("nobody")]
    public async Task Write_ScopeWithoutTheRight_IsRefusedAndAudited(string group)
    {
        // Taken first: a skip must not be mistaken for the refusal.
        var store = Store;
        var scope = _scopes.Of(group);

        var create = await Assert.ThrowsAsync<AccessRefusedException>(async () => await store.CreateAsync(scope, Request(), default));
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await store.RevokeAsync(scope, "x", default));

        Assert.Equal("administrator_required", create.Code);
        Assert.Equal(2, _audit.Entries.Count(e => e == $"denied caller-in-{group} keys:write"));
        Assert.Empty(await store.ListAsync(_scopes.System, default));
    }

    [SkippableFact]
    public async Task List_MemberOrExpiredAdministrator_IsRefused()
    {
        // Taken first: a skip must not be mistaken for the refusal.
        var store = Store;
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await store.ListAsync(_scopes.Of("members"), default));
        await Assert.ThrowsAsync<AccessRefusedException>(async () => await store.ListAsync(_scopes.Of("admins", expires: Start), default));
        Assert.Empty(await store.ListAsync(_scopes.Of("admins", expires: Start.AddTicks(1)), default));
    }

    [SkippableFact]
    public async Task Create_InvalidRequest_IsRefused()
    {
        // Taken first: a skip must not be mistaken for the refusal.
        var store = Store;
        NewApiKey[] wrong =
        [
            Request() with { Name = " " },
            Request() with { Name = new string('x', 201) },
            Request() with { Name = "two\nlines" },
            Request() with { Groups = [] },
            Request() with { Groups = ["Everyone"] },
            Request() with { Groups = [.. Enumerable.Range(0, 65).Select(i => $"g{i}")] },
            Request() with { Attributes = ImmutableSortedDictionary<string, string>.Empty.Add("region", " ") },
            Request() with { Attributes = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add("region", "EU").Add("Region", "US") },
            Request(expires: Start),
        ];
        foreach (var request in wrong)
        {
            await Assert.ThrowsAsync<ArgumentException>(async () => await store.CreateAsync(_scopes.System, request, default));
        }

        Assert.Empty(await store.ListAsync(_scopes.System, default));
    }

    [SkippableFact]
    public async Task Text_ThatLooksLikeSql_IsStoredAsText()
    {
        const string nasty = "Robert'); DROP TABLE api_keys;-- ünïcødé 鍵 \\u0000 {\"a\":1}";

        var issued = await Store.CreateAsync(_scopes.System, Request(nasty), default);

        Assert.Equal(nasty, (await NewNode().AuthenticateAsync(issued.Secret, default))!.Name);
    }

    [SkippableFact]
    public async Task Start_ManyNodesAtOnce_AllWork()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            var node = NewNode();
            return (await node.CreateAsync(_scopes.System, Request(), default)).Secret;
        })));

        foreach (var secret in nodes)
        {
            Assert.NotNull(await Store.AuthenticateAsync(secret, default));
        }
    }

    [SkippableFact]
    public async Task Use_Concurrently_LosesNothing()
    {
        var created = await Task.WhenAll(Enumerable.Range(0, 16).Select(i => Task.Run(async () => await Store.CreateAsync(_scopes.System, Request($"k{i}"), default))));
        await Task.WhenAll(created.Select((key, i) => Task.Run(async () =>
        {
            Assert.NotNull(await Store.AuthenticateAsync(key.Secret, default));
            if (i % 2 == 0)
            {
                await Store.RevokeAsync(_scopes.System, key.Record.Id, default);
            }
        })));

        var all = await Store.ListAsync(_scopes.System, default);
        Assert.Equal(16, all.Count);
        Assert.Equal(8, all.Count(k => k.RevokedAt is not null));
        Assert.All(all, k => Assert.NotNull(k.LastUsedAt));
    }

    [SkippableFact]
    public async Task Calls_Cancelled_Throw()
    {
        await Store.ListAsync(_scopes.System, default);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.ListAsync(_scopes.System, cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await Store.CreateAsync(_scopes.System, Request(), cancelled.Token));
    }

    [SkippableFact]
    public async Task Pepper_Exchanged_IsToldAndNotTakenForWrongKeys()
    {
        var issued = await Store.CreateAsync(_scopes.System, Request(), default);

        var failure = await Assert.ThrowsAsync<StorageException>(async () =>
            await NewNode(o => o.KeyPepper = Convert.ToHexString(new byte[32])).AuthenticateAsync(issued.Secret, default));

        Assert.Equal("pepper_mismatch", failure.Code);
    }

    [SkippableFact]
    public async Task Start_DatabaseOfNewerRelease_IsRefused()
    {
        await Store.ListAsync(_scopes.System, default);
        using (var connection = Connect())
        {
            connection.Execute("INSERT INTO schema_migrations (number, name) VALUES (900, 'from the future')");
        }

        var failure = await Assert.ThrowsAsync<StorageException>(async () => await NewNode().ListAsync(_scopes.System, default));

        Assert.Equal("schema_unknown", failure.Code);
    }

    private static NewApiKey Request(string name = "a key", DateTimeOffset? expires = null) => new(
        name, ["EU-retail", "partners", "eu-retail"], ImmutableSortedDictionary<string, string>.Empty.Add("Region", "EU"), expires);

    private IApiKeyStore NewNode(Action<StorageOptions>? change = null)
    {
        var services = new ServiceCollection().AddSingleton<TimeProvider>(_time).AddSingleton<IAccessAudit>(_audit);
        services.AddAiPlatformStorage(options =>
        {
            Configure(options);
            change?.Invoke(options);
        });
        var provider = services.BuildServiceProvider();
        lock (_nodes)
        {
            _nodes.Add(provider);
        }

        return provider.GetRequiredService<IApiKeyStore>();
    }
}
