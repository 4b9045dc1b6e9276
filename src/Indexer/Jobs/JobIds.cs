using System.Security.Cryptography;

namespace AiPlatform.Indexer.Jobs;

/// <summary>Ids of jobs.</summary>
internal static class JobIds
{
    /// <summary>A new one: 128 random bits, so that it cannot be guessed.</summary>
    public static string New() => "job_" + RandomNumberGenerator.GetHexString(32, lowercase: true);
}
