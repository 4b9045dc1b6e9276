using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Indexer.Sources;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace AiPlatform.Indexer.Mapping;

/// <summary>Reads mapping files. Strict: an unknown key, a wrong value or a missing access rule refuses the file, and all mistakes are told together.</summary>
public static class MappingReader
{
    /// <summary>Bytes of a mapping file.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>The keys of the file's top level.</summary>
    internal static ImmutableArray<string> TopKeys { get; } = ["analyzer", "source", "fields", "specifications", "version", "deleted"];

    /// <summary>Reads a mapping file.</summary>
    /// <exception cref="MappingException">The file is missing, too large or has mistakes.</exception>
    public static async Task<CatalogMapping> ReadAsync(string path, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var name = Path.GetFileName(path);
        try
        {
            return new FileInfo(path) is { Exists: true, Length: > MaxBytes }
                ? throw new MappingException(name, [new(1, "file", $"The file is larger than {MaxBytes} bytes.")])
                : Parse(await File.ReadAllTextAsync(path, cancellationToken).ConfigureAwait(false), name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new MappingException(name, [new(1, "file", $"'{path}' cannot be read: {e.Message} Check --mapping.")]);
        }
    }

    /// <summary>Reads the text of a mapping file.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="name">What the file is called in messages.</param>
    /// <exception cref="MappingException">The text has mistakes.</exception>
    public static CatalogMapping Parse(string yaml, string name)
    {
        ArgumentNullException.ThrowIfNull(yaml);
        var reader = new YamlSection(name);
        var root = Root(yaml, name);
        var top = reader.Map(root, "mapping", TopKeys);
        var mapping = new CatalogMapping
        {
            Name = name,
            Digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(yaml))),
            Analyzer = reader.Choice(top, "analyzer", "analyzer", "english", ["english", "plain"]),
            Source = Source(reader, top),
            Fields = Fields(reader, top, root),
            Specifications = top.TryGetValue("specifications", out var specifications) ? SpecificationSection.Read(reader, specifications) : null,
            Version = top.TryGetValue("version", out var version) ? ChangeSection.Version(reader, version) : null,
            Deleted = top.TryGetValue("deleted", out var deleted) ? ChangeSection.Deleted(reader, deleted) : null,
        };
        reader.ThrowIfWrong();
        return mapping;
    }

    private static YamlMappingNode Root(string yaml, string name)
    {
        var stream = new YamlStream();
        try
        {
            stream.Load(new StringReader(yaml));
        }
        catch (YamlException e)
        {
            throw new MappingException(name, [new(e.Start.Line, "file", $"Not YAML: {e.InnerException?.Message ?? e.Message}")]);
        }

        return stream.Documents.Count == 1 && stream.Documents[0].RootNode is YamlMappingNode root
            ? root
            : throw new MappingException(name, [new(1, "file", "The file must hold one document with the keys fields, and optionally analyzer, source, specifications, version, deleted.")]);
    }

    private static SourceOptions Source(YamlSection reader, IReadOnlyDictionary<string, YamlNode> top)
    {
        if (!top.TryGetValue("source", out var node))
        {
            return SourceOptions.Default;
        }

        var map = reader.Map(node, "source", ["format", "delimiter"]);
        var format = reader.Choice(map, "format", "source.format", "auto", ["auto", "jsonl", "csv"]);
        var delimiter = reader.Text(map, "delimiter", "source.delimiter");
        if (delimiter is not null && (delimiter.Length != 1 || delimiter[0] is '"' or '\r' or '\n' or > '\x7f'))
        {
            reader.Wrong(map["delimiter"], "source.delimiter", "Write one ASCII character, such as \";\" or \"\\t\" in double quotes.");
        }

        return new SourceOptions
        {
            Format = format switch { "jsonl" => SourceFormat.Jsonl, "csv" => SourceFormat.Csv, _ => SourceFormat.Auto },
            Delimiter = delimiter is { Length: 1 } ? delimiter[0] : null,
        };
    }

    private static ImmutableDictionary<TargetField, FieldRule> Fields(YamlSection reader, IReadOnlyDictionary<string, YamlNode> top, YamlNode root)
    {
        if (!top.TryGetValue("fields", out var node))
        {
            reader.Wrong(root, "fields", "The section is missing. It says where each product field comes from.");
            return ImmutableDictionary<TargetField, FieldRule>.Empty;
        }

        var fields = ImmutableDictionary.CreateBuilder<TargetField, FieldRule>();
        foreach (var (key, value) in reader.Map(node, "fields", [.. TargetFields.ByName.Keys]))
        {
            var target = TargetFields.ByName[key];
            fields[target] = FieldSection.Read(reader, value, target);
        }

        foreach (var missing in TargetFields.Required.Where(f => !fields.ContainsKey(f)))
        {
            reader.Wrong(node, "fields." + TargetFields.Name(missing), WhyRequired(missing));
        }

        if (fields.ContainsKey(TargetField.Price) && !fields.ContainsKey(TargetField.Currency))
        {
            reader.Wrong(node, "fields.currency", "A price needs a currency. Give a path, or a constant such as { constant: EUR }.");
        }

        return fields.ToImmutable();
    }

    private static string WhyRequired(TargetField field) => field switch
    {
        TargetField.AccessLevel => "Nothing says how sensitive the products are, and they are not published by guess. Give a path, or state it: { constant: public }.",
        TargetField.AllowedGroups => "Nothing says who may see the products, and they are not published by guess. Give a path, or state it: { constant: [everyone] }.",
        _ => "Every product needs it. Give a path.",
    };
}
