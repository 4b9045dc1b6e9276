using System.Collections;
using System.Reflection;
using AiPlatform.Core.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search;

/// <summary>Finds settings that nobody reads: a misspelt name would otherwise leave a default where something else was meant.</summary>
public static class SettingNames
{
    /// <summary>Refuses keys of a section that its options do not have, whatever their case. Keys of maps and numbers of lists are free; options inside are looked into.</summary>
    /// <typeparam name="TOptions">The options that the section is bound to.</typeparam>
    /// <param name="configuration">The application's configuration, not a section.</param>
    /// <param name="section">The section.</param>
    /// <param name="setByTheHost">Properties that are no settings.</param>
    /// <exception cref="OptionsValidationException">There are such keys; names all of them, with what was probably meant.</exception>
    public static void Demand<TOptions>(IConfiguration configuration, string section, params string[] setByTheHost)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var problems = new List<string>();
        Look(configuration.GetSection(section), typeof(TOptions), setByTheHost, problems);
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(section, typeof(TOptions), problems);
        }
    }

    /// <summary>What is told of a key that is not known.</summary>
    /// <param name="path">Path of the section it stands in; empty at the top.</param>
    /// <param name="key">The key.</param>
    /// <param name="known">The keys there are.</param>
    public static string Unknown(string path, string key, IReadOnlyCollection<string> known)
    {
        var near = NearestName.Of(key, known) is { } name ? $" Did you mean {ConfigurationPath.Combine(path, name)}?" : "";
        return $"{ConfigurationPath.Combine(path, key)} is not known.{near} Choose one of {string.Join(", ", known)}.";
    }

    private static void Look(IConfigurationSection section, Type options, string[] setByTheHost, List<string> problems)
    {
        var settings = options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => (p.CanWrite || IsOpen(p.PropertyType) || IsNested(p.PropertyType)) && !setByTheHost.Contains(p.Name))
            .ToDictionary(p => p.Name, p => p.PropertyType, StringComparer.OrdinalIgnoreCase);
        foreach (var child in section.GetChildren())
        {
            if (!settings.TryGetValue(child.Key, out var type))
            {
                problems.Add(Unknown(section.Path, child.Key, settings.Keys));
            }
            else if (IsNested(type))
            {
                Look(child, type, [], problems);
            }
            else if (IsOpen(type) && type.GenericTypeArguments is [.., var item] && IsNested(item))
            {
                child.GetChildren().ToList().ForEach(c => Look(c, item, [], problems));
            }
        }
    }

    private static bool IsOpen(Type type) => type != typeof(string) && type.IsAssignableTo(typeof(IEnumerable));

    private static bool IsNested(Type type) => type.IsClass && type != typeof(string) && !IsOpen(type);
}
