namespace AiPlatform.Search.OpenSearch;

/// <summary>How the platform proves to a cluster who it is.</summary>
public enum OpenSearchAuthentication
{
    /// <summary>Not at all: a cluster without the security plugin.</summary>
    None,

    /// <summary>User name and password with every request.</summary>
    Basic,

    /// <summary>AWS Signature Version 4 with the credentials of the default chain: environment, profile, web identity, container, instance.</summary>
    Aws,
}
