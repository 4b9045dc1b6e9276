namespace AiPlatform.McpServer.Auth.OAuth;

/// <summary>Why a token is refused. For the log: a caller learns only that it is not valid.</summary>
internal enum TokenFault
{
    None = 0,

    /// <summary>Too large, or not three parts of base64url with JSON in the first two.</summary>
    Malformed,

    /// <summary>Its type is neither an access token nor a JWT, or it needs an extension nobody here understands.</summary>
    Header,

    /// <summary>Its algorithm is not accepted: <c>none</c>, a symmetric one, or one the issuer is not configured for.</summary>
    Algorithm,

    /// <summary>Its issuer is not trusted.</summary>
    Issuer,

    /// <summary>The issuer has no key of its id.</summary>
    UnknownKey,

    /// <summary>The signature is wrong, or the key is not for the algorithm.</summary>
    Signature,

    /// <summary>It is for another server.</summary>
    Audience,

    /// <summary>It has expired, or does not say when.</summary>
    Expired,

    /// <summary>It is not valid yet.</summary>
    NotYetValid,

    /// <summary>It has no usable subject or scope, or misses a claim that the policy requires.</summary>
    Claims,

    /// <summary>The issuer's keys cannot be had, so nothing is known about the token.</summary>
    KeysUnavailable,
}
