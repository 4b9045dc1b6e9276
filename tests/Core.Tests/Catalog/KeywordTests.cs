using System.Globalization;
using System.Text;
using AiPlatform.Core.Catalog;
using AiPlatform.Core.Tests.Access;
using Xunit;

namespace AiPlatform.Core.Tests.Catalog;

public sealed class KeywordTests
{
    private static readonly string[] Awkward =
        ["A", "k", " ", "\t", "\0", "\u00AD", "\u200B", "\u202E", "\u0301", "\u0323", "\u0307", "\u0345", "\u00A8", "ß", "ẞ", "ς", "İ", "K", "\uD800", "\uDC00", "\u1100", "\u1161", "\u11A8", "\uFDFA", "𝐀", "\u0130"];

    [Theory]
    [InlineData("Crème", "Cre\u0300me")]
    [InlineData("ångström", "A\u030ANGSTRO\u0308M")]
    [InlineData("Å", "\u212B")]
    [InlineData("Việt", "Vie\u0302\u0323t")]
    [InlineData("Έλληνας", "Ε\u0301ΛΛΗΝΑΣ")]
    [InlineData("Ёлка Й", "Е\u0308лка И\u0306")]
    [InlineData("acme", "ＡＣＭＥ")]
    [InlineData("fine", "ﬁne")]
    [InlineData("m2", "m²")]
    [InlineData("x-ray", "𝓧-𝕣𝖆𝔂")]
    [InlineData("ガラス", "ｶﾞﾗｽ")]
    [InlineData("한국", "\u1112\u1161\u11AB\u1100\u116E\u11A8")]
    [InlineData("straße", "STRASSE")]
    [InlineData("sales eu", "SALES\u00A0EU")]
    [InlineData("acme", "AC\u200BME")]
    [InlineData("acme", "\u202EACME\u202C")]
    [InlineData("acme", "ac\u00ADme\u2060\uFEFF")]
    [InlineData("acme", "\u200B acme \u200B")]
    [InlineData("acme", "ac\0\u0007me\u007F")]
    [InlineData("acme", "acme\uFE0F")]
    public void Normalize_TwoWaysOfWriting_AreOneKeyword(string one, string other) => Assert.Equal(Keyword.Normalize(one), Keyword.Normalize(other));

    [Theory]
    [InlineData("acme", "аcme")]
    [InlineData("resume", "résumé")]
    [InlineData("ac me", "acme")]
    public void Normalize_DifferentValues_StayDifferent(string one, string other) => Assert.NotEqual(Keyword.Normalize(one), Keyword.Normalize(other));

    [Fact]
    public void Normalize_LoneSurrogates_AreWhatUtf8MakesOfThem()
    {
        foreach (var text in new[] { "\uD800", "a\uDC00b", "\uDBFF\uD83D\uDE00", "x\uD83D" })
        {
            Assert.Equal(Keyword.Normalize(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))), Keyword.Normalize(text));
        }

        Assert.Equal("a\uFFFDb", Keyword.Normalize("A\uDC00B"));
    }

    [Fact]
    public void Normalize_NormalText_IsTheSameObject()
    {
        foreach (var text in new[] { "", "acme tools 2", "crème", "한국", "{\"a\":1}" })
        {
            Assert.Same(text, Keyword.Normalize(text));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        Keyword.Normalize("acme tools 2");
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Normalize_EveryCodePoint_IsIdempotent()
    {
        for (var code = 0; code <= 0x10FFFF; code++)
        {
            AssertIdempotent(code is >= 0xD800 and <= 0xDFFF ? ((char)code).ToString() : char.ConvertFromUtf32(code));
        }
    }

    [Fact]
    public void Normalize_RandomText_IsIdempotentAndWellFormed()
    {
        var random = Seed.Random(71);
        for (var i = 0; i < 50_000; i++)
        {
            var text = new StringBuilder();
            for (var length = random.Next(1, 9); length > 0; length--)
            {
                text.Append(random.Next(4) switch
                {
                    0 => Awkward[random.Next(Awkward.Length)],
                    1 => ((char)random.Next(0x10000)).ToString(),
                    2 => ((char)random.Next(0x300, 0x370)).ToString(),
                    _ => char.ConvertFromUtf32(random.Next(2) == 0 ? random.Next(0xD800) : random.Next(0x10000, 0x110000)),
                });
            }

            var normal = AssertIdempotent(text.ToString());
            Assert.True(Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(normal)) == normal, Shown(text.ToString()));
        }
    }

    /// <summary>400 random texts of every script with what another Unicode implementation (ICU, Unicode 17) makes of them.</summary>
    [Fact]
    public void Normalize_PeerTexts_AgreesWithIcu()
    {
        using var reader = new StreamReader(typeof(KeywordTests).Assembly.GetManifestResourceStream("folded-text.tsv")!);
        var count = 0;
        while (reader.ReadLine() is { } line)
        {
            var parts = line.Split('\t');
            Assert.True(Text(parts[1]).Trim() == Keyword.Normalize(Text(parts[0])), line);
            count++;
        }

        Assert.Equal(400, count);

        static string Text(string codes) =>
            string.Concat(codes.Split(' ').Select(c => char.ConvertFromUtf32(int.Parse(c, NumberStyles.HexNumber, CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Normalize_ManyMarks_TakesNoQuadraticTime()
    {
        var text = "a" + string.Concat(Enumerable.Repeat("\u0301\u0323", 50_000));

        Assert.StartsWith("\u1EA1\u0323\u0323", Keyword.Normalize(text), StringComparison.Ordinal);
    }

    private static string AssertIdempotent(string text)
    {
        var once = Keyword.Normalize(text);
        Assert.True(Keyword.Normalize(once) == once, $"{Shown(text)} (seed {Seed.Value})");
        return once;
    }

    private static string Shown(string text) => string.Join(' ', text.Select(c => ((int)c).ToString("X4", CultureInfo.InvariantCulture)));
}
