using System.Security.Cryptography;
using AiPlatform.Storage.Keys;
using Xunit;

namespace AiPlatform.Storage.Tests.Keys;

public sealed class KeyPepperTests : IDisposable
{
    private readonly StorageFixture _storage = new();
    private readonly RecordedLog<KeyPepper> _log = new();

    public void Dispose() => _storage.Dispose();

    [Fact]
    public void Load_FirstStart_MakesAFileOnlyTheOwnerReads()
    {
        var secret = New().Load();

        var file = _storage["key-pepper"];
        Assert.Equal(secret, Convert.FromBase64String(File.ReadAllText(file)));
        Assert.Equal(KeyPepper.Bytes, secret.Length);
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }

        Assert.Equal(secret, New().Load());
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(file)!, "key-pepper*"));
        Assert.Empty(_log.Entries);
    }

    [Fact]
    public async Task Load_FirstStartsAtOnce_AgreeOnOneSecret()
    {
        var secrets = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Convert.ToHexString(New().Load()))));

        Assert.Single(secrets.Distinct());
    }

    [Fact]
    public void Load_FileLostWhileTheDatabaseStays_IsTold()
    {
        New().Load();
        File.Delete(_storage["key-pepper"]);

        Assert.Equal("pepper_missing", Assert.Throws<StorageException>(() => New().Load()).Code);
        Assert.False(File.Exists(_storage["key-pepper"]));
    }

    [Fact]
    public void Load_FileExchanged_IsTold()
    {
        New().Load();
        File.WriteAllText(_storage["key-pepper"], Convert.ToBase64String(new byte[32]));

        Assert.Equal("pepper_mismatch", Assert.Throws<StorageException>(() => New().Load()).Code);
    }

    [Fact]
    public void Load_FileDamaged_IsTold()
    {
        File.WriteAllText(_storage["key-pepper"], "short");

        Assert.Equal("pepper_invalid", Assert.Throws<StorageException>(() => New().Load()).Code);
    }

    [SkippableFact]
    public void Load_FileOthersCanRead_IsWarnedOf()
    {
        Skip.If(OperatingSystem.IsWindows(), "file modes are Unix's");
        New().Load();
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_storage["key-pepper"], UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        }

        New().Load();

        Assert.Equal(2203, Assert.Single(_log.Entries).Event);
    }

    [Fact]
    public void Load_Configured_NeedsNoFile()
    {
        _storage.Options.KeyPepper = new string('a', 64);

        Assert.Equal(Convert.FromHexString(_storage.Options.KeyPepper), New().Load());
        Assert.False(File.Exists(_storage["key-pepper"]));
    }

    [Fact]
    public void Hash_IsAnHmacOfTheWholeKey()
    {
        var pepper = New();

        Assert.Equal(HMACSHA256.HashData(pepper.Load(), "aip_x"u8), pepper.Hash("aip_x"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("abc", false)]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddee", false)]
    [InlineData("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", true)]
    [InlineData(" AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA= ", true)]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA!", false)]
    public void Decode_TakesHexOrBase64OfEnoughBytes(string text, bool expected) => Assert.Equal(expected, KeyPepper.Decode(text) is not null);

    private KeyPepper New() => new(_storage.Database, _storage.Wrapped(), RandomNumberGenerator.Fill, _log);
}
