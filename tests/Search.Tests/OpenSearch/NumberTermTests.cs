using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;
using Xunit;

namespace AiPlatform.Search.Tests.OpenSearch;

public sealed class NumberTermTests
{
    private static readonly decimal[] Numbers =
    [
        decimal.MinValue, -79_228_162_514_264.5m, -100, -99.999m, -10, -9.5m, -9.25m, -9, -5.1m, -5.0001m, -5, -1, -0.5m, -0.25m, -0.0000000000000000000000000001m, 0,
        0.0000000000000000000000000001m, 0.25m, 0.5m, 1, 1.5m, 5, 5.0001m, 5.1m, 9, 9.25m, 9.5m, 10, 99.999m, 100, 1_000, 79_228_162_514_264.5m, decimal.MaxValue,
    ];

    [Fact]
    public void Terms_OfNumbers_SortAsTheNumbers()
    {
        var terms = Numbers.Select(n => NumberTerm.Of("spec.memory", n)).ToList();

        Assert.Equal(terms, terms.Order(StringComparer.Ordinal));
        Assert.Equal(terms.Count, terms.Distinct().Count());
        Assert.All(terms, t => Assert.True(string.CompareOrdinal(NumberTerm.Lowest("spec.memory"), t) < 0 && string.CompareOrdinal(t, NumberTerm.Highest("spec.memory")) < 0));
        Assert.True(string.CompareOrdinal(NumberTerm.NotANumber("spec.memory"), NumberTerm.Lowest("spec.memory")) < 0);
    }

    [Fact]
    public void Terms_OfRandomNumbers_SortAsTheNumbers()
    {
        var random = new Random(20260301);
        var numbers = Enumerable.Range(0, 5_000).Select(_ => new decimal(random.Next(), random.Next(), random.Next(3) == 0 ? random.Next() : 0, random.Next(2) == 0, (byte)random.Next(29))).Distinct().ToList();

        Assert.Equal(numbers.Order(), numbers.OrderBy(n => NumberTerm.Of("price", n), StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("16 gb", "16")]
    [InlineData("5.10", "5.1")]
    [InlineData("-0", "0")]
    public void Value_OfANumberWithUnitOrZeros_IsTheNumbersTerm(string value, string number) =>
        Assert.Equal(NumberTerm.Of("spec.memory", decimal.Parse(number, System.Globalization.CultureInfo.InvariantCulture)), NumberTerm.Of("spec.memory", value));

    [Fact]
    public void Value_ThatIsNoNumber_IsMarked() => Assert.Equal(NumberTerm.NotANumber("spec.memory"), NumberTerm.Of("spec.memory", "8-16"));

    [Fact]
    public void FieldTerm_TooLongForTheIndex_StaysDifferentFromAnother()
    {
        var (one, other) = (FieldTerm.Of("spec.note", new string('x', 20_000) + "a").Term, FieldTerm.Of("spec.note", new string('x', 20_000) + "b").Term);

        Assert.NotEqual(one, other);
        Assert.True(one.Length < 3_000 && one.StartsWith("note" + FieldTerm.Separator, StringComparison.Ordinal));
        Assert.Equal(one, FieldTerm.Of("spec.note", new string('x', 20_000) + "a").Term);
    }

    [Fact]
    public void Separator_InANameOrValue_IsDroppedByTheNormalForm() => Assert.Equal("ab", Keyword.Normalize($"a{FieldTerm.Separator}b"));
}
