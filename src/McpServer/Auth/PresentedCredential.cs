using Microsoft.Extensions.Primitives;

namespace AiPlatform.McpServer.Auth;

/// <summary>What a request presents to say who calls. Only headers count: a credential in a query string ends up in logs.</summary>
/// <param name="Kind">What it is, by its form alone.</param>
/// <param name="Value">The key or the token; empty otherwise.</param>
internal readonly record struct PresentedCredential(CredentialKind Kind, string Value)
{
    /// <summary>Carries an API key. The Authorization header carries a key or a token.</summary>
    public const string KeyHeader = "X-API-Key";

    private const string BearerPrefix = "Bearer ";
    private const string KeyPrefix = "aip_";
    private const int MaxKeyLength = 256;

    private static readonly PresentedCredential None = new(CredentialKind.None, "");
    private static readonly PresentedCredential Invalid = new(CredentialKind.Invalid, "");

    /// <summary>Two headers are one credential only when both carry the same key.</summary>
    public static PresentedCredential Read(IHeaderDictionary headers)
    {
        var direct = Direct(headers[KeyHeader]);
        var bearer = Bearer(headers.Authorization);
        return direct.Kind == CredentialKind.None ? bearer
            : bearer.Kind == CredentialKind.None || direct == bearer ? direct
            : Invalid;
    }

    /// <summary>The kind and nothing of the value, which is a secret.</summary>
    public override string ToString() => Kind.ToString();

    private static PresentedCredential Direct(StringValues values) => values switch
    {
        [] => None,
        [{ } value] => Key(value),
        _ => Invalid,
    };

    private static PresentedCredential Bearer(StringValues values)
    {
        if (values is not [{ } header])
        {
            return values.Count == 0 ? None : Invalid;
        }

        if (!header.StartsWith(BearerPrefix, StringComparison.OrdinalIgnoreCase))
        {
            return Invalid;
        }

        var value = header[BearerPrefix.Length..].Trim();
        return value.Length == 0 || value.StartsWith(KeyPrefix, StringComparison.Ordinal) ? Key(value) : new PresentedCredential(CredentialKind.Token, value);
    }

    private static PresentedCredential Key(string value) => value.Length is > 0 and <= MaxKeyLength ? new PresentedCredential(CredentialKind.Key, value) : Invalid;
}
