using System.Text;

namespace AiPlatform.Storage.Policy;

/// <summary>Reads the policy file: YAML, checked strictly, all findings in one answer. Pure apart from <see cref="Load"/>; thread-safe.</summary>
public static class PolicyFile
{
    private const string SchemaResource = "AiPlatform.Storage.Policy.policy.schema.json";

    /// <summary>The published JSON schema (draft 2020-12) of the file.</summary>
    public static string Schema
    {
        get
        {
            using var stream = typeof(PolicyFile).Assembly.GetManifestResourceStream(SchemaResource)!;
            using var reader = new StreamReader(stream, Encoding.UTF8);
            return reader.ReadToEnd();
        }
    }

    /// <summary>Reads a policy. Never throws for what the text says: errors and warnings are in the answer.</summary>
    /// <param name="utf8">The file's bytes, UTF-8, at most <see cref="PolicyLimits.FileBytes"/>.</param>
    public static PolicyReading Parse(ReadOnlySpan<byte> utf8)
    {
        var problems = new PolicyProblems();
        if (utf8.Length > PolicyLimits.FileBytes)
        {
            problems.Error("file_too_large", 1, 1, "", $"the file has {utf8.Length} bytes, at most {PolicyLimits.FileBytes} are read; split the groups over fewer rules");
            return new PolicyReading(null, problems.ToImmutable());
        }

        string text;
        try
        {
            text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(utf8);
        }
        catch (DecoderFallbackException)
        {
            problems.Error("not_utf8", 1, 1, "", "the file is not UTF-8; save it as UTF-8");
            return new PolicyReading(null, problems.ToImmutable());
        }

        var root = YamlTree.Read(text.TrimStart('\uFEFF'), problems);
        var policy = root is null ? null : new PolicyParser(problems).Parse(root);
        return new PolicyReading(problems.HasErrors ? null : policy, problems.ToImmutable());
    }

    /// <summary>Reads a policy file; a file that cannot be read is an error in the answer.</summary>
    /// <param name="path">The file.</param>
    public static PolicyReading Load(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        try
        {
            return Parse(PolicyBytes.Read(path));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Unreadable(failure);
        }
    }

    internal static PolicyReading Unreadable(Exception failure)
    {
        var problems = new PolicyProblems();
        problems.Error("unreadable_file", 1, 1, "", $"the file cannot be read: {failure.Message}");
        return new PolicyReading(null, problems.ToImmutable());
    }
}
