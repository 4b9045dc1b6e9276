using System.ComponentModel.DataAnnotations;

namespace AiPlatform.Indexer.Sources.S3;

/// <summary>How S3, or a store that speaks its protocol, is reached: the section <c>S3</c>.</summary>
public sealed class S3Options
{
    /// <summary>Name of the section.</summary>
    public const string Section = "S3";

    /// <summary>Endpoint of a store other than AWS's, such as <c>http://minio:9000</c>. Default: empty, AWS in <see cref="Region"/>.</summary>
    public string ServiceUrl { get; set; } = "";

    /// <summary>AWS region. Default: empty, which takes <c>AWS_REGION</c> or the profile's, and <c>us-east-1</c> behind a <see cref="ServiceUrl"/>.</summary>
    public string Region { get; set; } = "";

    /// <summary>Whether the bucket stands in the path and not in the host name. Default: null, which means true behind a <see cref="ServiceUrl"/> and false at AWS.</summary>
    public bool? ForcePathStyle { get; set; }

    /// <summary>Access key. Default: empty, the AWS chain (environment, profile, container or instance role).</summary>
    public string AccessKey { get; set; } = "";

    /// <summary>Secret of the access key; never logged. Default: empty.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>Token of temporary credentials; never logged. Default: empty.</summary>
    public string SessionToken { get; set; } = "";

    /// <summary>Tries behind one that failed or broke, as long as nothing gets on. Default 5.</summary>
    [Range(0, 20)]
    public int Retries { get; set; } = 5;

    /// <summary>Seconds to wait for an answer or for the next bytes of it. Default 60.</summary>
    [Range(1, 3_600)]
    public int IdleSeconds { get; set; } = 60;

    /// <summary>Milliseconds of the pause behind the first failure; doubles. Default 500.</summary>
    [Range(1, 60_000)]
    public int FirstPauseMilliseconds { get; set; } = 500;

    /// <summary>Bytes of one object at most, as stored. Default 1 TiB.</summary>
    [Range(1, long.MaxValue)]
    public long MaxBytes { get; set; } = 1L << 40;
}
