using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using AiPlatform.Indexer.Console;
using AiPlatform.Search;
using Microsoft.Extensions.Configuration;

namespace AiPlatform.Indexer.Gates;

/// <summary>Reads the section <c>Gates</c> of a configured catalog. Files are relative to the working folder.</summary>
internal static class GateConfiguration
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Gates";

    private static readonly ImmutableArray<string> Keys = [.. typeof(GateSettings).GetProperties().Where(p => p.CanWrite).Select(p => p.Name)];

    /// <summary>The settings; every mistake is added to the problems.</summary>
    /// <param name="catalog">The catalog's section.</param>
    /// <param name="problems">Takes mistakes.</param>
    public static GateSettings Read(IConfigurationSection catalog, List<string> problems)
    {
        var section = catalog.GetSection(Section);
        foreach (var key in section.GetChildren().Where(c => !Keys.Contains(c.Key, StringComparer.OrdinalIgnoreCase)))
        {
            problems.Add(SettingNames.Unknown(section.Path, key.Key, Keys));
        }

        GateSettings settings;
        try
        {
            settings = section.Get<GateSettings>() ?? new GateSettings();
        }
        catch (InvalidOperationException e)
        {
            problems.Add(UnreadableSetting.Message(e) ?? $"{section.Path}: {e.Message}");
            return new GateSettings();
        }

        var wrong = new List<ValidationResult>();
        Validator.TryValidateObject(settings, new ValidationContext(settings), wrong, validateAllProperties: true);
        problems.AddRange(wrong.Select(w => $"{section.Path}: {w.ErrorMessage}"));
        if (settings.JudgedQueries is null != settings.Judgments is null)
        {
            problems.Add($"{section.Path}: JudgedQueries and Judgments are given together or not at all.");
        }

        return settings with { Canaries = Full(settings.Canaries), JudgedQueries = Full(settings.JudgedQueries), Judgments = Full(settings.Judgments) };
    }

    private static string? Full(string? path) => string.IsNullOrWhiteSpace(path) ? null : Path.GetFullPath(path);
}
