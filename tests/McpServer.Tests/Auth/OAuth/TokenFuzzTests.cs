using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.McpServer.Auth;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth.OAuth;

/// <summary>Whatever somebody without a credential sends as one, the answer is a caller or a 401, and no failure.</summary>
public sealed class TokenFuzzTests(TokenServer server) : IClassFixture<TokenServer>
{
    private const int Seed = 20_261_121;
    private const int Rounds = 20_000;

    private static readonly string[] Pieces =
    [
        "\\ud800", "\\udc00\\ud800", "\\u0000", "\\uD83D\\uDE00", "\\", "\"", "{", "}", "[", "]", ",", ":", "null", "true", "-1", "1e400", "1e-400", "0", "{}", "[]",
        "\"crit\":[],", "\"sub\":1,", "\"exp\":null,", "\"\\ud800\":1,", ".", "*:*", " ", "\u202E", "99999999999999999999",
    ];

    [Fact]
    public async Task Token_Mutated_IsAcceptedOr401AndNothingElse()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        server.Issuer.Add("fuzz", key);
        var authentication = server.Server.Services.GetRequiredService<CallerAuthentication>();
        var random = new Random(Seed);
        var header = Encoding.UTF8.GetBytes("""{"typ":"at+jwt","alg":"ES256","kid":"fuzz"}""");
        var claims = Encoding.UTF8.GetBytes(server.Issuer.Claims(groups: "eu").ToJsonString());
        var outcomes = new Dictionary<int, int>();
        for (var round = 0; round < Rounds; round++)
        {
            // A third each: the text of the token, and, signed well, its header or its claims.
            var token = (round % 3) switch
            {
                0 => Encoding.Latin1.GetString(Mutated(Encoding.Latin1.GetBytes(Signed(key, header, claims)), random)),
                1 => Signed(key, Mutated(header, random), claims),
                _ => Signed(key, header, Mutated(claims, random)),
            };
            var headers = new HeaderDictionary { ["Authorization"] = "Bearer " + token };
            try
            {
                var outcome = await authentication.AuthenticateAsync(headers, CancellationToken.None);
                // A good token too often is still a good token.
                var status = outcome.Rate is not null ? StatusCodes.Status200OK : outcome.Status;
                outcomes[status] = outcomes.GetValueOrDefault(status) + 1;
            }
            catch (Exception failure)
            {
                Assert.Fail($"seed {Seed}, round {round}: {failure.GetType().Name} for {token}");
            }
        }

        Assert.Equal([StatusCodes.Status200OK, StatusCodes.Status401Unauthorized], outcomes.Keys.Order());
        Assert.All(outcomes.Values, n => Assert.True(n > 100));
    }

    private static string Signed(ECDsa key, byte[] header, byte[] claims)
    {
        var signed = Base64Url.EncodeToString(header) + "." + Base64Url.EncodeToString(claims);
        return signed + "." + Base64Url.EncodeToString(AuthorizationServer.SignatureOf(key, "ES256", Encoding.ASCII.GetBytes(signed)));
    }

    private static byte[] Mutated(byte[] text, Random random)
    {
        List<byte> bytes = [.. text];
        for (var edits = random.Next(1, 4); edits > 0; edits--)
        {
            var at = random.Next(bytes.Count);
            switch (random.Next(4))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 12), bytes.Count - at - 1));
                    break;
                case 2:
                    bytes.InsertRange(at, bytes.GetRange(at, Math.Min(random.Next(1, 40), bytes.Count - at)));
                    break;
                default:
                    bytes.InsertRange(at, Encoding.UTF8.GetBytes(Pieces[random.Next(Pieces.Length)]));
                    break;
            }
        }

        return [.. bytes];
    }
}
