namespace AiPlatform.Core.Text;

/// <summary>Finds what a misspelt name was meant to be.</summary>
public static class NearestName
{
    private const int MaxLength = 64;

    /// <summary>The candidate within two edits, or a third of a long name's length, or one that contains it; null when none is near. O(candidates · length · edits).</summary>
    public static string? Of(string name, IEnumerable<string> candidates)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(candidates);
        if (name.Length is 0 or > MaxLength)
        {
            return null;
        }

        string? best = null;
        var limit = Math.Max(name.Length >= 4 ? 2 : 1, name.Length / 3);
        var written = name.ToLowerInvariant();
        foreach (var candidate in candidates)
        {
            var distance = EditDistance.Within(written, candidate.ToLowerInvariant(), limit);
            if (distance >= 0)
            {
                (best, limit) = (candidate, distance - 1);
            }
        }

        return best ?? candidates.FirstOrDefault(c => name.Length >= 3
            && (c.Contains(name, StringComparison.OrdinalIgnoreCase) || name.Contains(c, StringComparison.OrdinalIgnoreCase)));
    }
}
