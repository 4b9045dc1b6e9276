using System.Text.RegularExpressions;

namespace AiPlatform.Indexer.Console;

/// <summary>Says in words what the binder of the settings says in names of types: a value that is no number, no switch, or none of the names there are.</summary>
internal static partial class UnreadableSetting
{
    /// <summary>The key, its value, and what it should be; null when the failure is another.</summary>
    public static string? Message(Exception failure)
    {
        if (failure is not InvalidOperationException { InnerException: FormatException or ArgumentException or OverflowException } || !Pattern().Match(failure.Message).TryGet(out var value, out var key, out var type))
        {
            return null;
        }

        return $"{key} is '{value}', which is {Wanted(type)}.";
    }

    private static string Wanted(string type) => type switch
    {
        "System.Int32" or "System.Int64" => "no whole number, or too large a one",
        "System.Double" or "System.Single" or "System.Decimal" => "no number such as 0.5",
        "System.Boolean" => "neither true nor false",
        "System.TimeSpan" => "no duration such as 00:00:30",
        _ when Names(type) is { Length: > 0 } names => $"none of {string.Join(", ", names)}",
        _ => "not what it should be",
    };

    private static string[] Names(string type) =>
        AppDomain.CurrentDomain.GetAssemblies().Select(a => a.GetType(type)).FirstOrDefault(t => t is { IsEnum: true }) is { } found ? Enum.GetNames(found) : [];

    private static bool TryGet(this Match match, out string value, out string key, out string type)
    {
        (value, key, type) = (match.Groups["value"].Value, match.Groups["key"].Value, match.Groups["type"].Value);
        return match.Success;
    }

    [GeneratedRegex(@"^Failed to convert configuration value '(?<value>.*)' at '(?<key>[^']+)' to type '(?:System\.Nullable`1\[)?(?<type>[^'\],]+)", RegexOptions.Singleline)]
    private static partial Regex Pattern();
}
