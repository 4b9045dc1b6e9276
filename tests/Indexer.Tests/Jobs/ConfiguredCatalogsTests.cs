using AiPlatform.Indexer.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Tests.Jobs;

public sealed class ConfiguredCatalogsTests
{
    [Fact]
    public void Read_NothingConfigured_IsEmpty() => Assert.Empty(Read().All);

    [Fact]
    public void Read_TakesFilesAndShares()
    {
        var catalogs = Read(
            ("Catalogs:shop:Source", "in/shop.csv"), ("Catalogs:shop:Mapping", "shop.yaml"), ("Catalogs:shop:MaxRejected", "5%"), ("Catalogs:shop:MaxDeleted", "1"),
            ("Catalogs:depot:source", "d.jsonl"), ("Catalogs:depot:mapping", "d.yaml"));

        Assert.Equal(["depot", "shop"], catalogs.All.Select(c => c.Catalog));
        Assert.Equal(new CatalogSource("shop", Path.GetFullPath("in/shop.csv"), Path.GetFullPath("shop.yaml"), .05, 1), catalogs.Find("shop"));
        Assert.Equal((.1, .3), (catalogs.Find("depot")!.MaxRejected, catalogs.Find("depot")!.MaxDeleted));
        Assert.Null(catalogs.Find("SHOP"));
    }

    [Fact]
    public void Read_Mistakes_AreToldTogether()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Read(
            ("Catalogs:Shop:Source", "a"), ("Catalogs:Shop:Mapping", "b"),
            ("Catalogs:depot:Sorce", "a"), ("Catalogs:depot:MaxRejected", "much"), ("Catalogs:depot:MaxDeleted", "130%"),
            ("Catalogs:bare", "x")));

        Assert.Equal(8, wrong.Failures.Count());
        foreach (var part in (string[])["'Shop' is no catalog name", "Catalogs:depot:Sorce is not known", "Catalogs:depot:Source is missing", "Catalogs:depot:Mapping is missing", "'much' is no share", "'130%' is no share", "Catalogs:bare:Source is missing", "Catalogs:bare:Mapping is missing"])
        {
            Assert.Contains(part, wrong.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("30 2 * * *", "Europe/Berlin", "Skip", "2026-06-30T12:00Z", "2026-07-01T00:30Z")]
    [InlineData("0/20 * * * * ?", null, null, "2026-06-30T12:00:01Z", "2026-06-30T12:00:20Z")]
    [InlineData("0 9 * * 1", null, "fireonce", "2026-07-01T00:00Z", "2026-07-06T09:00Z")]
    public void Read_Schedule_IsWhenItSays(string cron, string? zone, string? misfire, string now, string next)
    {
        var schedule = Read(
            ("Catalogs:shop:Source", "a"), ("Catalogs:shop:Mapping", "b"), ("Catalogs:shop:Schedule", cron),
            zone is null ? ("Catalogs:other:Source", "a") : ("Catalogs:shop:TimeZone", zone), ("Catalogs:other:Source", "a"), ("Catalogs:other:Mapping", "b"),
            misfire is null ? ("Catalogs:other:Mapping", "b") : ("Catalogs:shop:Misfire", misfire)).Find("shop")!.Schedule!;

        Assert.Equal(DateTimeOffset.Parse(next, System.Globalization.CultureInfo.InvariantCulture), schedule.Expression().GetNextValidTimeAfter(DateTimeOffset.Parse(now, System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(misfire == "Skip" ? MisfirePolicy.Skip : MisfirePolicy.FireOnce, schedule.Misfire);
    }

    [Fact]
    public void Read_ScheduleMistakes_AreToldTogether()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Read(
            ("Catalogs:shop:Source", "a"), ("Catalogs:shop:Mapping", "b"), ("Catalogs:shop:Schedule", "every night"), ("Catalogs:shop:TimeZone", "Mars/Base"), ("Catalogs:shop:Misfire", "7")));

        foreach (var part in (string[])["'every night' is no cron expression", "no time zone 'Mars/Base'", "'7' is not known"])
        {
            Assert.Contains(part, wrong.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("s3://bucket/exports/", "s3://bucket/exports/")]
    [InlineData("https://feeds.example.com/shop.jsonl.gz?token=t", "https://feeds.example.com/shop.jsonl.gz?token=t")]
    [InlineData("file:///exports/shop.csv", "/exports/shop.csv")]
    public void Read_SourceElsewhere_IsTakenAsItStands(string source, string taken) =>
        Assert.Equal(taken, Read(("Catalogs:shop:Source", source), ("Catalogs:shop:Mapping", "shop.yaml")).Find("shop")!.SourcePath);

    [Fact]
    public void Read_SourceThatMakesNoSense_StopsTheStartWithoutItsSecrets()
    {
        var wrong = Assert.Throws<OptionsValidationException>(() => Read(
            ("Catalogs:a:Source", "https://user:secret@feeds.example.com/x"), ("Catalogs:a:Mapping", "m"), ("Catalogs:b:Source", "ftp://host/x"), ("Catalogs:b:Mapping", "m")));

        Assert.Equal(2, wrong.Failures.Count());
        Assert.Contains("Catalogs:b:Source: A source at 'ftp://' cannot be read", wrong.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_NameWithALineFeed_IsNone() =>
        Assert.Contains("is no catalog name", Assert.Throws<OptionsValidationException>(() => Read(("Catalogs:shop\n:Source", "a"), ("Catalogs:shop\n:Mapping", "b"))).Message, StringComparison.Ordinal);

    private static ConfiguredCatalogs Read(params (string Key, string Value)[] settings) => ConfiguredCatalogs.Read(
        new ConfigurationBuilder().AddInMemoryCollection(settings.DistinctBy(s => s.Key).ToDictionary(s => s.Key, s => (string?)s.Value)).Build());
}
