using System.Collections.Immutable;
using System.Diagnostics;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Tests.Support;
using AiPlatform.Storage.Policy;
using Xunit.Abstractions;

namespace AiPlatform.Indexer.Tests.Samples;

public sealed class SampleCatalogTests(ITestOutputHelper output) : IDisposable
{
    private readonly IndexFixture _index = new();

    public void Dispose() => _index.Dispose();

    [Fact]
    public async Task Sample_Shape_IsWhatTheDemoNeeds()
    {
        var products = await ReindexAsync();
        Assert.True(products.Length >= 600);
        Assert.Equal(products.Length, products.Select(p => p.Name).Distinct().Count());
        Assert.Equal(products.Length, products.Select(p => p.Description).Distinct().Count());
        Assert.All(products, p => Assert.InRange(p.Specifications.Count, 5, 13));
        Assert.All(products.GroupBy(p => p.CategoryPath[0]), area => Assert.True(area.Select(p => p.Class).Distinct().Count() >= 15));
        Assert.Equal(["Electronics", "Fashion", "Home"], products.Select(p => p.CategoryPath[0]).Distinct().Order());
        Assert.InRange(Share(products, p => p.AccessLevel == DataAccessLevel.Public), .76, .84);
        Assert.InRange(Share(products, p => p.AccessLevel == DataAccessLevel.Internal), .11, .17);
        Assert.InRange(Share(products, p => p.AccessLevel == DataAccessLevel.Confidential), .04, .08);
        Assert.All((string[])["eu-retail", "us-wholesale", "partners"], g => Assert.Contains(products, p => p.AllowedGroups.SequenceEqual([g])));
        Assert.Contains(products, p => p.AllowedGroups.SequenceEqual(["partners", "us-wholesale"]));
        Assert.Contains(products, p => !p.RestrictedRegions.IsEmpty);
        Assert.Equal(5, products.Select(p => p.Availability).Where(a => a != Availability.Unknown).Distinct().Count());
        Assert.All(products.Where(p => p.ReleasedAt is not null), p => Assert.InRange(p.ReleasedAt!.Value.Year, 2023, 2026));
    }

    [Fact]
    public async Task Sample_SameQuestion_AnswersTheDemoGroupsDifferently()
    {
        await ReindexAsync();
        var answers = new Dictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var (name, scope) in Scopes())
        {
            var page = await _index.Engine.SearchAsync(scope, new ProductQuery { Catalog = "sample", Text = "wireless headphones", PageSize = 20 }, CancellationToken.None);
            answers[name] = [.. page.Hits.Select(h => h.Id)];
            output.WriteLine($"{name}: {page.Total} of which first {string.Join(", ", answers[name].Take(5))}");
        }

        Assert.All(answers.Values, a => Assert.True(a.Length >= 5));
        Assert.Equal(answers.Count, answers.Values.Select(a => string.Join(' ', a)).Distinct().Count());
    }

    [Fact]
    public async Task Sample_Questions_LeadToTheExpectedClass()
    {
        await ReindexAsync();
        var questions = File.ReadAllLines(Path.Combine(Repository.Root, "samples", "catalog", "queries.tsv")).Skip(1).Select(l => l.Split('\t')).ToArray();
        Assert.Equal(30, questions.Length);
        var (first, topThree) = (0, 0);
        foreach (var question in questions)
        {
            var page = await _index.Engine.SearchAsync(_index.System, new ProductQuery { Catalog = "sample", Text = question[0], PageSize = 3 }, CancellationToken.None);
            var classes = page.Hits.Select(h => h.Product!.Class).ToArray();
            first += classes.FirstOrDefault() == question[1] ? 1 : 0;
            topThree += classes.Contains(question[1]) ? 1 : 0;
            if (classes.FirstOrDefault() != question[1])
            {
                output.WriteLine($"{question[0]}: expected {question[1]}, got {string.Join(" | ", classes)}");
            }
        }

        output.WriteLine($"first {first}, among three {topThree} of {questions.Length}");
        Assert.True(first >= 27, $"first in {first} of {questions.Length}");
        Assert.True(topThree >= 29, $"among three in {topThree} of {questions.Length}");
    }

    [SkippableFact]
    public async Task Generator_RunAgain_WritesTheCommittedFile()
    {
        Skip.If(!Runs("python3", "--version"), "python3 is not installed");
        foreach (var file in Directory.GetFiles(Path.GetDirectoryName(Repository.Sample)!, "*.py"))
        {
            File.Copy(file, _index.Folder[Path.GetFileName(file)]);
        }

        Assert.True(Runs("python3", _index.Folder["generate.py"]));
        Assert.Equal(await File.ReadAllTextAsync(Repository.Sample), await File.ReadAllTextAsync(_index.Folder["products.jsonl"]));
    }

    [SkippableTheory]
    [InlineData("esci150", 6_764)]
    [InlineData("icecat135", 19_406)]
    public async Task JudgedCatalog_ShippedMapping_AcceptsEveryRow(string name, int products)
    {
        var path = Repository.Judged(name);
        Skip.If(path is null, "the judged catalogs are not on this machine");
        var request = _index.Request(path) with { Mapping = await MappingReader.ReadAsync(Repository.Mapping(name), CancellationToken.None), Catalog = name, DryRun = true };
        var report = await _index.RunAsync(request);
        Assert.Equal((products, products, 0L), (report.Read, report.Accepted, report.Rejected));
    }

    private static bool Runs(string program, string argument)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, argument)
            {
                RedirectStandardOutput = true, RedirectStandardError = true, Environment = { ["PYTHONDONTWRITEBYTECODE"] = "1" },
            })!;
            if (!process.WaitForExit(60_000))
            {
                process.Kill();
                return false;
            }

            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }

    private static double Share(Product[] products, Func<Product, bool> matches) => (double)products.Count(matches) / products.Length;

    private async Task<Product[]> ReindexAsync()
    {
        var request = _index.Request(Repository.Sample, catalog: "sample") with { Mapping = await MappingReader.ReadAsync(Repository.Mapping("sample"), CancellationToken.None) };
        var report = await _index.RunAsync(request);
        Assert.Equal(0, report.Rejected);
        var ids = await _index.IdsAsync("sample");
        var products = new List<Product>();
        foreach (var page in ids.Chunk(CatalogLimits.Ids))
        {
            products.AddRange(await _index.Engine.GetAsync(_index.System, "sample", page, CancellationToken.None));
        }

        return [.. products];
    }

    private static Dictionary<string, AccessScope> Scopes()
    {
        var policy = PolicyFile.Load(Path.Combine(Repository.Root, "samples", "policy.yaml")).Policy!;
        var issuer = new AccessScope.Issuer(() => policy, new RecordingAudit());
        return policy.Groups.Values.ToDictionary(g => g.Id, g => issuer.Issue(new CallerFacts(
            "test:" + g.Id, [g.Id], ImmutableSortedDictionary<string, string>.Empty.Add("region", g.Id == "us-wholesale" ? "US" : "EU"), DateTimeOffset.MaxValue)));
    }
}
