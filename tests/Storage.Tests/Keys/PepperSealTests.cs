using System.Security.Cryptography;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Keys;
using Xunit;

namespace AiPlatform.Storage.Tests.Keys;

public sealed class PepperSealTests : IDisposable
{
    private readonly StorageFixture _storage = new();
    private readonly StorageFixture _other = new();

    public void Dispose()
    {
        _storage.Dispose();
        _other.Dispose();
    }

    [Fact]
    public void Make_SameContentAndPurpose_IsTheSameOnEveryNodeAndAfterARestart()
    {
        var seal = New(_storage).Make("confirm", "content"u8);

        Assert.Equal(IServerSeal.Bytes, seal.Length);
        Assert.True(CryptographicOperations.FixedTimeEquals(seal, New(_storage).Make("confirm", "content"u8)));
        Assert.Equal(IServerSeal.Bytes, New(_storage).Make("confirm", []).Length);
    }

    [Fact]
    public void Make_OtherPurpose_IsAnotherSeal() => AssertDistinct(
        [.. ((string[])["confirm", "Confirm", "confirm ", "", "cursor"]).Select(p => New(_storage).Make(p, "content"u8))]);

    /// <summary>Neither end of the purpose runs over into the content.</summary>
    [Fact]
    public void Make_SameTextSplitOtherwise_IsAnotherSeal() =>
        AssertDistinct([New(_storage).Make("ab", "c"u8), New(_storage).Make("a", "bc"u8), New(_storage).Make("abc", [])]);

    [Fact]
    public void Make_OtherPepper_IsAnotherSeal() => AssertDistinct([New(_storage).Make("confirm", "content"u8), New(_other).Make("confirm", "content"u8)]);

    [Fact]
    public void Make_AnyBitOfTheContentChanged_IsAnotherSeal()
    {
        var content = "job_1|key-7|full"u8.ToArray();
        var seals = new List<byte[]> { New(_storage).Make("confirm", content) };
        for (var bit = 0; bit < content.Length * 8; bit++)
        {
            var changed = content.ToArray();
            changed[bit / 8] ^= (byte)(1 << (bit % 8));
            seals.Add(New(_storage).Make("confirm", changed));
        }

        AssertDistinct(seals);
    }

    /// <summary>What a database holds of a key is no key of a seal: whoever reads the hashes can make none.</summary>
    [Fact]
    public void Make_UnderAKeysHash_IsNotThatHash()
    {
        var pepper = Pepper(_storage);

        Assert.NotEqual(pepper.Hash("confirm"), New(_storage).Make("confirm", []));
        Assert.NotEqual(HMACSHA256.HashData(pepper.Hash("confirm"), "content"u8), New(_storage).Make("confirm", "content"u8));

        // The key of a seal is the hash of a text that no presented key can be.
        Assert.Equal(HMACSHA256.HashData(pepper.Hash("aiplatform seal\nconfirm"), "content"u8), New(_storage).Make("confirm", "content"u8));
        Assert.Null(KeyFormat.PrefixOf("aiplatform seal\nconfirm"));
    }

    private static void AssertDistinct(List<byte[]> seals) => Assert.Equal(seals.Count, seals.Select(Convert.ToHexString).Distinct().Count());

    private static PepperSeal New(StorageFixture storage) => new(Pepper(storage));

    private static KeyPepper Pepper(StorageFixture storage) => new(storage.Database, storage.Wrapped(), RandomNumberGenerator.Fill, new RecordedLog<KeyPepper>());
}
