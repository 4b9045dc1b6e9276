namespace AiPlatform.Core.Access;

/// <summary>
/// Lets the server recognise, on every node over one database, what it wrote itself: for texts that travel through a client and come back. The secret
/// behind it never leaves the server and stays the same across restarts. Thread-safe.
/// </summary>
public interface IServerSeal
{
    /// <summary>Length of a seal in bytes.</summary>
    const int Bytes = 32;

    /// <summary>The seal of a content: nobody without the secret can make it. Compare in constant time.</summary>
    /// <param name="purpose">What it is for; a seal of one purpose is none of another.</param>
    /// <param name="content">What is sealed.</param>
    /// <returns><see cref="Bytes"/> bytes.</returns>
    byte[] Make(string purpose, ReadOnlySpan<byte> content);
}
