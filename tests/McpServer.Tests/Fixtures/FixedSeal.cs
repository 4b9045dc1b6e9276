using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>Seals with a secret of its own: servers over the same one are nodes of one platform.</summary>
internal sealed class FixedSeal(string secret = "tests") : IServerSeal
{
    public byte[] Make(string purpose, ReadOnlySpan<byte> content) => HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret + purpose), content);
}
