using System.Globalization;

namespace AiPlatform.Search.Tests.Embedded.Support;

/// <summary>The seed of the random tests: fixed, unless AIPLATFORM_TEST_SEED gives another. Every failure message names it.</summary>
internal static class Seed
{
    public static int Value { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("AIPLATFORM_TEST_SEED"), CultureInfo.InvariantCulture, out var seed) ? seed : 20260301;

    public static Random Random(int round) => new(unchecked((Value * 397) ^ round));

    public static string Of(int round) => $"AIPLATFORM_TEST_SEED={Value}, round {round}";
}
