namespace AiPlatform.Core.Catalog;

/// <summary>The rule of the keys that builds are continued by (<see cref="ICatalogBuild.ResumeAsync"/>), the same for every engine.</summary>
public static class BuildKey
{
    private const int MaxCharacters = 128;

    /// <summary>Refuses what is no key.</summary>
    /// <exception cref="ArgumentException">It is empty, longer than 128 characters, or not printable ASCII.</exception>
    public static void Demand(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > MaxCharacters || key.Any(c => c is < ' ' or > '~'))
        {
            throw new ArgumentException($"A key has 1 to {MaxCharacters} printable ASCII characters.", nameof(key));
        }
    }
}
