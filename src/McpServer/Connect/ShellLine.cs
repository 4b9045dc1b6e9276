using System.Buffers;
using System.Text;

namespace AiPlatform.McpServer.Connect;

/// <summary>Writes words as one line of a POSIX shell.</summary>
internal static class ShellLine
{
    private static readonly SearchValues<char> Plain = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789@%+=:,./_-");

    /// <summary>The words, each quoted where the shell would take it apart.</summary>
    public static string Of(params IEnumerable<string> words) => string.Join(' ', words.Select(Quoted));

    /// <summary>A word of which the shell replaces the variable.</summary>
    /// <param name="before">What stands before it.</param>
    /// <param name="variable">Name of the variable.</param>
    public static string WithVariable(string before, string variable) => $"\"{before}${variable}\"";

    private static string Quoted(string word)
    {
        if (word.Length > 0 && !word.AsSpan().ContainsAnyExcept(Plain))
        {
            return word;
        }

        // Only what WithVariable made is handed over in double quotes already.
        return word.StartsWith('"') && word.EndsWith('"') ? word : new StringBuilder("'").Append(word.Replace("'", "'\\''", StringComparison.Ordinal)).Append('\'').ToString();
    }
}
