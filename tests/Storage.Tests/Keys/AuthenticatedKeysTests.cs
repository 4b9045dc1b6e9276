using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Keys;
using Xunit;

namespace AiPlatform.Storage.Tests.Keys;

public sealed class AuthenticatedKeysTests
{
    private readonly ManualTime _time = new();
    private readonly AuthenticatedKeys _keys;

    public AuthenticatedKeysTests() => _keys = new AuthenticatedKeys(_time);

    [Fact]
    public void Find_WithinTheLifetime_AnswersTheRecord()
    {
        var record = Keep("one");
        _time.Advance(AuthenticatedKeys.Lifetime - TimeSpan.FromTicks(1));

        Assert.Same(record, _keys.Find("one"));
        Assert.Null(_keys.Find("two"));
    }

    [Fact]
    public void Find_AtTheEndOfTheLifetime_AnswersNothingAndForgets()
    {
        Keep("one");
        _time.Advance(AuthenticatedKeys.Lifetime);

        Assert.Null(_keys.Find("one"));
        Assert.Equal(0, _keys.Count);
        Assert.True(AuthenticatedKeys.Lifetime <= TimeSpan.FromSeconds(1));
    }

    [Fact]
    public void Find_LifetimeRunsFromBeforeTheRead()
    {
        var ticket = _keys.Begin();
        _time.Advance(AuthenticatedKeys.Lifetime);
        _keys.Keep("one", Record(), ticket);

        Assert.Null(_keys.Find("one"));
    }

    [Fact]
    public void Find_ClockSetBack_AnswersNothing()
    {
        Keep("one");
        _time.Advance(TimeSpan.FromSeconds(-1));

        Assert.Null(_keys.Find("one"));
    }

    [Fact]
    public void Find_KeyThatExpires_EndsWithTheKey()
    {
        _keys.Keep("one", Record() with { ExpiresAt = _time.GetUtcNow().AddMilliseconds(10) }, _keys.Begin());
        _time.Advance(TimeSpan.FromMilliseconds(10));

        Assert.Null(_keys.Find("one"));
    }

    [Fact]
    public void Keep_ReadBeforeARevocation_IsNotKept()
    {
        var ticket = _keys.Begin();
        _keys.Forget();
        _keys.Keep("one", Record(), ticket);

        Assert.Null(_keys.Find("one"));
    }

    [Fact]
    public void Forget_DropsEverything()
    {
        Keep("one");
        _keys.Forget();

        Assert.Null(_keys.Find("one"));
    }

    [Fact]
    public void Keep_ManyKeys_StaysWithinTheCapacity()
    {
        for (var i = 0; i < AuthenticatedKeys.Capacity + 100; i++)
        {
            Keep($"key {i}");
            Assert.True(i % 1000 != 0 || _keys.Count <= AuthenticatedKeys.Capacity);
        }

        Assert.InRange(_keys.Count, 1, AuthenticatedKeys.Capacity);
        Assert.NotNull(_keys.Find($"key {AuthenticatedKeys.Capacity + 99}"));
    }

    private ApiKeyRecord Keep(string key)
    {
        var record = Record();
        _keys.Keep(key, record, _keys.Begin());
        return record;
    }

    private ApiKeyRecord Record() => new()
    {
        Id = "id",
        Prefix = "aip_x",
        Name = "n",
        Groups = ["a"],
        Attributes = ImmutableSortedDictionary<string, string>.Empty,
        CreatedAt = _time.GetUtcNow(),
        CreatedBy = "test",
    };
}
