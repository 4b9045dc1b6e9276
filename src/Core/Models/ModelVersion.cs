using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace AiPlatform.Core.Models;

/// <summary>
/// A semantic version (semver.org 2.0): <c>MAJOR.MINOR.PATCH</c>, optionally <c>-PRERELEASE</c> and <c>+BUILD</c>. Ordered by
/// precedence; build metadata is kept in the text and ignored in comparisons, equality included.
/// </summary>
public sealed class ModelVersion : IComparable<ModelVersion>, IEquatable<ModelVersion>
{
    private const int MaxLength = 128;

    private readonly string _text;

    private ModelVersion(string text, int major, int minor, int patch, string prerelease)
    {
        _text = text;
        Major = major;
        Minor = minor;
        Patch = patch;
        Prerelease = prerelease;
    }

    /// <summary>Incompatible changes.</summary>
    public int Major { get; }

    /// <summary>Compatible additions.</summary>
    public int Minor { get; }

    /// <summary>Compatible fixes.</summary>
    public int Patch { get; }

    /// <summary>The pre-release identifiers, joined by dots; empty for a release.</summary>
    public string Prerelease { get; }

    /// <summary>Reads a version of at most 128 characters. False for anything that semver.org does not call one.</summary>
    public static bool TryParse(string? text, [NotNullWhen(true)] out ModelVersion? version)
    {
        version = null;
        if (text is null || text.Length is 0 or > MaxLength)
        {
            return false;
        }

        var plus = text.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0 && !text[(plus + 1)..].Split('.').All(IsIdentifier))
        {
            return false;
        }

        var precedence = plus < 0 ? text : text[..plus];
        var dash = precedence.IndexOf('-', StringComparison.Ordinal);
        var prerelease = dash < 0 ? "" : precedence[(dash + 1)..];
        if (dash >= 0 && !prerelease.Split('.').All(i => IsIdentifier(i) && !(IsNumber(i) && HasLeadingZero(i))))
        {
            return false;
        }

        var numbers = (dash < 0 ? precedence : precedence[..dash]).Split('.');
        if (numbers.Length != 3 || !TryNumber(numbers[0], out var major) || !TryNumber(numbers[1], out var minor) || !TryNumber(numbers[2], out var patch))
        {
            return false;
        }

        version = new ModelVersion(text, major, minor, patch, prerelease);
        return true;
    }

    /// <summary>Precedence: numbers first, then a release after its pre-releases, then identifiers from left to right.</summary>
    public int CompareTo(ModelVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var numbers = (Major, Minor, Patch).CompareTo((other.Major, other.Minor, other.Patch));
        return numbers != 0 ? numbers : ComparePrerelease(Prerelease, other.Prerelease);
    }

    /// <summary>Same precedence.</summary>
    public bool Equals(ModelVersion? other) => CompareTo(other) == 0;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as ModelVersion);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Major, Minor, Patch, Prerelease);

    /// <summary>The version as it was written.</summary>
    public override string ToString() => _text;

    /// <summary>Same precedence.</summary>
    public static bool operator ==(ModelVersion? left, ModelVersion? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Different precedence.</summary>
    public static bool operator !=(ModelVersion? left, ModelVersion? right) => !(left == right);

    /// <summary>Lower precedence.</summary>
    public static bool operator <(ModelVersion? left, ModelVersion? right) => left is null ? right is not null : left.CompareTo(right) < 0;

    /// <summary>Lower or same precedence.</summary>
    public static bool operator <=(ModelVersion? left, ModelVersion? right) => !(right < left);

    /// <summary>Higher precedence.</summary>
    public static bool operator >(ModelVersion? left, ModelVersion? right) => right < left;

    /// <summary>Higher or same precedence.</summary>
    public static bool operator >=(ModelVersion? left, ModelVersion? right) => !(left < right);

    private static int ComparePrerelease(string left, string right)
    {
        if (left.Length == 0 || right.Length == 0)
        {
            return (left.Length == 0).CompareTo(right.Length == 0);
        }

        var a = left.Split('.');
        var b = right.Split('.');
        for (var i = 0; i < Math.Min(a.Length, b.Length); i++)
        {
            var order = CompareIdentifier(a[i], b[i]);
            if (order != 0)
            {
                return order;
            }
        }

        return a.Length.CompareTo(b.Length);
    }

    /// <summary>Numbers by value and below words. A number without leading zeros is the larger the longer it is.</summary>
    private static int CompareIdentifier(string a, string b) => (IsNumber(a), IsNumber(b)) switch
    {
        (true, true) when a.Length != b.Length => a.Length.CompareTo(b.Length),
        (true, false) => -1,
        (false, true) => 1,
        _ => string.CompareOrdinal(a, b),
    };

    private static bool IsIdentifier(string text) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '-');

    private static bool IsNumber(string text) => text.All(char.IsAsciiDigit);

    private static bool HasLeadingZero(string text) => text.Length > 1 && text[0] == '0';

    private static bool TryNumber(string text, out int number)
    {
        number = 0;
        return !HasLeadingZero(text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
