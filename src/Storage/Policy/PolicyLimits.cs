namespace AiPlatform.Storage.Policy;

/// <summary>Bounds of a policy file; more than that is an error of the file.</summary>
public static class PolicyLimits
{
    /// <summary>Bytes of the file: 1 MiB.</summary>
    public const int FileBytes = 1 << 20;

    /// <summary>Groups.</summary>
    public const int Groups = 1000;

    /// <summary>Tiers.</summary>
    public const int Tiers = 64;

    /// <summary>Attribute names.</summary>
    public const int Attributes = 64;

    /// <summary>Data filters of a group.</summary>
    public const int FiltersPerGroup = 64;

    /// <summary>Values of a data filter, and of any other list.</summary>
    public const int ValuesPerList = 1000;

    /// <summary>Permissions of a group.</summary>
    public const int PermissionsPerGroup = 256;

    /// <summary>Providers of a group.</summary>
    public const int ProvidersPerGroup = 64;

    /// <summary>Issuers of tokens.</summary>
    public const int Issuers = 32;

    /// <summary>Group claims, and required claims, of an issuer.</summary>
    public const int ClaimsPerIssuer = 16;

    /// <summary>Names in the path of a claim.</summary>
    public const int ClaimDepth = 8;

    /// <summary>Characters of a text.</summary>
    public const int TextLength = 500;

    /// <summary>Levels of nesting; the policy itself needs seven.</summary>
    public const int Depth = 16;

    /// <summary>Findings reported; the rest is summed up in one.</summary>
    public const int Problems = 200;
}
