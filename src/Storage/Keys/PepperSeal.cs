using System.Security.Cryptography;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Keys;

/// <summary>Seals with keys derived from the pepper, which all nodes over one database have: one more secret to lose would add nothing.</summary>
internal sealed class PepperSeal(KeyPepper pepper) : IServerSeal
{
    public byte[] Make(string purpose, ReadOnlySpan<byte> content)
    {
        // A presented key is one line, so that no key hash can be a seal's key.
        var key = pepper.Hash("aiplatform seal\n" + purpose);
        return HMACSHA256.HashData(key, content);
    }
}
