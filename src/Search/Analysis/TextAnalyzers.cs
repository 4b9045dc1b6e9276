namespace AiPlatform.Search.Analysis;

/// <summary>The analyzers a catalog can choose, one shared instance each.</summary>
public static class TextAnalyzers
{
    /// <summary>Name of <see cref="EnglishAnalyzer"/>; the default.</summary>
    public const string English = "english";

    /// <summary>Name of <see cref="PlainAnalyzer"/>.</summary>
    public const string Plain = "plain";

    private static readonly EnglishAnalyzer SharedEnglish = new();
    private static readonly PlainAnalyzer SharedPlain = new();

    /// <summary>The shared analyzer of a name, with or without its version (<c>english</c>, <c>english-1</c>).</summary>
    /// <exception cref="ArgumentException">No analyzer of this name and version.</exception>
    public static ITextAnalyzer Get(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name == English || name == SharedEnglish.Name)
        {
            return SharedEnglish;
        }

        if (name == Plain || name == SharedPlain.Name)
        {
            return SharedPlain;
        }

        throw new ArgumentException($"No text analyzer is named '{name}': use '{English}' or '{Plain}'; an index of another version must be built again.", nameof(name));
    }
}
