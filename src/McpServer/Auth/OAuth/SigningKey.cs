using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;

namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>
/// A public key of an issuer. Says itself which algorithms it fits, so that a token cannot have a key used for what it is not: a public key never becomes
/// a shared secret. Immutable; each check makes its own cryptographic object, which the platform does not promise to share between threads.
/// </summary>
internal sealed class SigningKey
{
    public const string Rs256 = "RS256";
    public const string Ps256 = "PS256";
    public const string Es256 = "ES256";

    private const int MinRsaBits = 2048;
    private const int MaxRsaBits = 8192;
    private const int MaxExponentBytes = 4;
    private const int CoordinateBytes = 32;
    private const int MaxIdLength = 256;

    private readonly RSAParameters? _rsa;
    private readonly ECParameters? _ec;
    private readonly string? _algorithm;

    private SigningKey(string id, RSAParameters? rsa, ECParameters? ec, string? algorithm)
    {
        Id = id;
        _rsa = rsa;
        _ec = ec;
        _algorithm = algorithm;
    }

    /// <summary>The algorithms there are; nothing symmetric and no <c>none</c>.</summary>
    public static ImmutableArray<string> Algorithms { get; } = [Rs256, Ps256, Es256];

    public string Id { get; }

    /// <summary>Null for a key that cannot be used: private or symmetric, too weak, without id, or for something else than signatures.</summary>
    public static SigningKey? Read(JsonElement jwk)
    {
        if (jwk.ValueKind != JsonValueKind.Object || Text(jwk, "kid") is not { Length: > 0 and <= MaxIdLength } id || Text(jwk, "use") is { } use && use != "sig" || !MayVerify(jwk))
        {
            return null;
        }

        var algorithm = Text(jwk, "alg");
        return Text(jwk, "kty") switch
        {
            "RSA" => Rsa(id, algorithm, Bytes(jwk, "n"), Bytes(jwk, "e")),
            "EC" when Text(jwk, "crv") == "P-256" => Ec(id, algorithm, Bytes(jwk, "x"), Bytes(jwk, "y")),
            _ => null,
        };
    }

    /// <summary>Whether the signature is right. False also for an algorithm that the key does not fit.</summary>
    public bool Verify(string algorithm, ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        if (_algorithm is not null && _algorithm != algorithm)
        {
            return false;
        }

        try
        {
            switch (algorithm)
            {
                case Rs256 or Ps256 when _rsa is { } parameters:
                    using (var rsa = RSA.Create(parameters))
                    {
                        return rsa.VerifyData(data, signature, HashAlgorithmName.SHA256, algorithm == Ps256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
                    }

                case Es256 when _ec is { } parameters:
                    using (var ec = ECDsa.Create(parameters))
                    {
                        return ec.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
                    }

                default:
                    return false;
            }
        }
        catch (CryptographicException)
        {
            // A key or signature that the platform cannot even read.
            return false;
        }
    }

    private static SigningKey? Rsa(string id, string? algorithm, byte[]? modulus, byte[]? exponent)
    {
        var bits = (modulus?.Length ?? 0) * 8;
        return bits is >= MinRsaBits and <= MaxRsaBits && exponent is { Length: > 0 and <= MaxExponentBytes } && algorithm is null or Rs256 or Ps256
            ? new SigningKey(id, new RSAParameters { Modulus = modulus, Exponent = exponent }, null, algorithm)
            : null;
    }

    private static SigningKey? Ec(string id, string? algorithm, byte[]? x, byte[]? y) =>
        x is { Length: CoordinateBytes } && y is { Length: CoordinateBytes } && algorithm is null or Es256
            ? new SigningKey(id, null, new ECParameters { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = x, Y = y } }, algorithm)
            : null;

    private static bool MayVerify(JsonElement jwk) =>
        !jwk.TryGetProperty("key_ops"u8, out var operations)
        || (operations.ValueKind == JsonValueKind.Array && operations.EnumerateArray().Any(o => o.ValueKind == JsonValueKind.String && o.ValueEquals("verify"u8)));

    private static string? Text(JsonElement jwk, string name) =>
        jwk.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[]? Bytes(JsonElement jwk, string name) => Text(jwk, name) is { } text && Base64UrlText.TryDecode(text, out var bytes) ? bytes : null;
}
