using System.Buffers;
using System.Buffers.Text;

namespace AiPlatform.Storage.Keys;

/// <summary>
/// <c>aip_PPPPPPPP_SSS…</c>: 8 public characters of base62 for look-up, drawn apart from the secret, and 256 random bits as 43 characters of base64url.
/// </summary>
internal static class KeyFormat
{
    public const string Start = "aip_";
    public const int PrefixLength = 12;
    public const int Length = PrefixLength + 1 + 43;
    private const int SecretBytes = 32;
    private const string Base62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static readonly SearchValues<char> Base62Characters = SearchValues.Create(Base62);
    private static readonly SearchValues<char> UrlSafeCharacters = SearchValues.Create(Base62 + "-_");

    /// <summary>A new key; its first <see cref="PrefixLength"/> characters are the public prefix.</summary>
    public static string New(RandomFill random)
    {
        Span<byte> secret = stackalloc byte[SecretBytes];
        random(secret);
        return $"{Start}{Text(random, PrefixLength - Start.Length)}_{Base64Url.EncodeToString(secret)}";
    }

    /// <summary>A random text of letters and digits.</summary>
    public static string Text(RandomFill random, int length)
    {
        Span<char> text = stackalloc char[length];
        Span<byte> one = stackalloc byte[1];
        for (var i = 0; i < length;)
        {
            random(one);
            // 248 is the largest multiple of 62 in a byte; beyond it the first letters would come up more often.
            if (one[0] < 248)
            {
                text[i++] = Base62[one[0] % 62];
            }
        }

        return new string(text);
    }

    /// <summary>The public prefix of a presented text, or null when it does not have the form of a key. O(length of a key).</summary>
    public static string? PrefixOf(string presented)
    {
        if (presented.Length != Length || !presented.StartsWith(Start, StringComparison.Ordinal) || presented[PrefixLength] != '_')
        {
            return null;
        }

        return presented.AsSpan(Start.Length, PrefixLength - Start.Length).ContainsAnyExcept(Base62Characters)
            || presented.AsSpan(PrefixLength + 1).ContainsAnyExcept(UrlSafeCharacters)
            ? null
            : presented[..PrefixLength];
    }
}
