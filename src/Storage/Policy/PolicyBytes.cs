namespace AiPlatform.Storage.Policy;

/// <summary>Reads a file up to one byte beyond the bound, so that a huge one is noticed and never loaded.</summary>
internal static class PolicyBytes
{
    public static byte[] Read(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var buffer = new byte[Math.Min(PolicyLimits.FileBytes, stream.Length) + 1];
        var read = stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return buffer[..read];
    }
}
