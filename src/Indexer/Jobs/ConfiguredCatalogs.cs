using System.Collections.Immutable;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Jobs;

/// <summary>
/// The catalogs that jobs may build: the section <c>Catalogs</c> of the configuration, read once. Each catalog has <c>Source</c> (a file, a folder, <c>s3://…</c> or
/// <c>http(s)://…</c>) and <c>Mapping</c> (a file), paths relative to the working folder, and optionally <c>MaxRejected</c> (default 10%) and <c>MaxDeleted</c> (default 30%), written as <c>30%</c> or <c>0.3</c>,
/// and a <see cref="CatalogSchedule"/>: <c>Schedule</c>, <c>TimeZone</c> and <c>Misfire</c>, and a section <see cref="GateSettings">Gates</see>. Immutable.
/// </summary>
public sealed class ConfiguredCatalogs
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Catalogs";

    /// <summary>Catalogs at most.</summary>
    public const int MaxCatalogs = 1_000;

    private const string Source = "Source";
    private const string Mapping = "Mapping";
    private const string MaxRejected = "MaxRejected";
    private const string MaxDeleted = "MaxDeleted";

    private static readonly ImmutableArray<string> Keys = [Source, Mapping, MaxRejected, MaxDeleted, CatalogSchedule.CronKey, CatalogSchedule.TimeZoneKey, CatalogSchedule.MisfireKey, GateConfiguration.Section];

    private readonly ImmutableSortedDictionary<string, CatalogSource> _sources;

    private ConfiguredCatalogs(ImmutableSortedDictionary<string, CatalogSource> sources) => _sources = sources;

    /// <summary>All of them, by name.</summary>
    public IEnumerable<CatalogSource> All => _sources.Values;

    /// <summary>Reads the section. Files are not looked at.</summary>
    /// <param name="configuration">The application's configuration, not the section.</param>
    /// <exception cref="OptionsValidationException">The section has mistakes; names all of them.</exception>
    public static ConfiguredCatalogs Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        var sources = ImmutableSortedDictionary.CreateBuilder<string, CatalogSource>(StringComparer.Ordinal);
        foreach (var section in configuration.GetSection(Section).GetChildren())
        {
            sources[section.Key] = ReadOne(section, problems);
        }

        if (sources.Count > MaxCatalogs)
        {
            problems.Add($"{Section} has {sources.Count} catalogs; at most {MaxCatalogs} are taken.");
        }

        return problems.Count == 0
            ? new ConfiguredCatalogs(sources.ToImmutable())
            : throw new OptionsValidationException(Section, typeof(ConfiguredCatalogs), problems);
    }

    /// <summary>Where a catalog comes from; null when it is not configured.</summary>
    public CatalogSource? Find(string catalog) => _sources.GetValueOrDefault(catalog);

    private static CatalogSource ReadOne(IConfigurationSection section, List<string> problems)
    {
        if (!CatalogName.IsValid(section.Key))
        {
            problems.Add($"{section.Path}: '{section.Key}' is no catalog name: {CatalogName.Rule}.");
        }

        foreach (var key in section.GetChildren().Where(c => !Keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
        {
            problems.Add(SettingNames.Unknown(section.Path, key.Key, Keys));
        }

        return new CatalogSource(
            section.Key,
            SourceOf(section, problems),
            FileOf(section, Mapping, "how rows become products: a YAML file", problems),
            ShareOf(section, MaxRejected, ReindexRequest.DefaultMaxRejected, problems),
            ShareOf(section, MaxDeleted, ReindexRequest.DefaultMaxDeleted, problems),
            CatalogSchedule.Read(section, problems))
        {
            Gates = GateConfiguration.Read(section, problems),
        };
    }

    private static string SourceOf(IConfigurationSection section, List<string> problems)
    {
        if (section[Source] is not { } text || string.IsNullOrWhiteSpace(text))
        {
            problems.Add($"{section.Path}:{Source} is missing. Name the products: a file or folder, s3://bucket/prefix or https://….");
            return "";
        }

        try
        {
            return SourceLocation.Parse(text).Path is { } path ? Path.GetFullPath(path) : text;
        }
        catch (SourceException wrong)
        {
            problems.Add($"{section.Path}:{Source}: {wrong.Message}");
            return "";
        }
    }

    private static string FileOf(IConfigurationSection section, string key, string what, List<string> problems)
    {
        if (section[key] is { } path && !string.IsNullOrWhiteSpace(path))
        {
            return Path.GetFullPath(path);
        }

        problems.Add($"{section.Path}:{key} is missing. Name {what}.");
        return "";
    }

    private static double ShareOf(IConfigurationSection section, string key, double otherwise, List<string> problems)
    {
        if (section[key] is not { } text)
        {
            return otherwise;
        }

        if (!Share.TryParse(text, out var share))
        {
            problems.Add($"{section.Path}:{key}: '{text}' is no share. Write 30% or 0.3.");
        }

        return share;
    }
}
