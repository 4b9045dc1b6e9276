using System.Security.Cryptography;
using AiPlatform.Storage.Keys;
using Xunit;

namespace AiPlatform.Storage.Tests.Keys;

public sealed class KeyFormatTests
{
    [Fact]
    public void New_SecretBits_DecideTheSecretAndNothingOfThePrefix()
    {
        byte[][] fills = [new byte[32], [.. Enumerable.Repeat((byte)1, 32)]];
        var keys = fills.Select(secret => KeyFormat.New(bytes =>
        {
            if (bytes.Length == 32)
            {
                secret.CopyTo(bytes);
            }
            else
            {
                bytes[0] = 10;
            }
        })).ToArray();

        Assert.Equal("aip_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", keys[0]);
        Assert.Equal(keys[0][..12], keys[1][..12]);
        Assert.NotEqual(keys[0][13..], keys[1][13..]);
    }

    [Fact]
    public void Text_RejectsBytesThatWouldFavourLetters()
    {
        var bytes = new Queue<byte>([255, 250, 248, 247, 62, 0]);

        Assert.Equal("z00", KeyFormat.Text(one => one[0] = bytes.Dequeue(), 3));
        Assert.Empty(bytes);
    }

    [Fact]
    public void PrefixOf_NewKeys_IsTheirStart()
    {
        for (var i = 0; i < 500; i++)
        {
            var key = KeyFormat.New(RandomNumberGenerator.Fill);
            Assert.Equal(KeyFormat.Length, key.Length);
            Assert.Equal(key[..12], KeyFormat.PrefixOf(key));
        }
    }

    [Theory]
    [InlineData("aip_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aip_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("AIP_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aip_AAAA-AAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aip_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("aip_AAAAAAAA_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")]
    public void PrefixOf_OtherForms_IsNull(string presented) => Assert.Null(KeyFormat.PrefixOf(presented));
}
