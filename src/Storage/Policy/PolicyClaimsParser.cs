using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Policy;

/// <summary>Reads how the tokens of an issuer become callers.</summary>
internal sealed class PolicyClaimsParser(
    PolicyProblems problems,
    PolicyValues values,
    ImmutableSortedDictionary<string, GroupPolicy> groups,
    ImmutableArray<string> attributes)
{
    public ImmutableSortedDictionary<string, ClaimMapping> Parse(YamlNode node)
    {
        var mappings = ImmutableSortedDictionary.CreateBuilder<string, ClaimMapping>(StringComparer.Ordinal);
        foreach (var (issuer, entry) in values.Bounded([.. values.Map(node, "claims")], node, "claims", PolicyLimits.Issuers))
        {
            var path = PolicyValues.Join("claims", issuer);
            if (!IsIssuer(issuer))
            {
                problems.Error("invalid_issuer", entry.Key, path, $"`{issuer}` is not an issuer; write it as its tokens do, an https URL without query and fragment");
            }

            mappings[issuer] = Mapping(entry, path);
        }

        return mappings.ToImmutable();
    }

    private static bool IsIssuer(string text) =>
        text.Length <= PolicyLimits.TextLength
        && Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && uri.Scheme is "https" or "http"
        && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0;

    private ClaimMapping Mapping(YamlEntry entry, string path)
    {
        var map = values.Map(entry.Value, path, PolicyShape.Claims);
        string In(string key) => PolicyValues.Join(path, key);
        YamlNode? Get(string key) => map.TryGetValue(key, out var found) ? found.Value : null;

        var mapping = new ClaimMapping
        {
            Subject = Get("subject") is { } subject ? ClaimOf(subject, In("subject")) : new ClaimMapping().Subject,
            Required = Each(Get("required"), In("required"), Required),
            Groups = Each(Get("groups"), In("groups"), Groups),
            Attributes = Get("attributes") is { } named ? Attributes(named, In("attributes")) : new ClaimMapping().Attributes,
        };
        if (entry.Value is YamlMap && mapping.Groups.All(g => g.Values.IsEmpty))
        {
            problems.Warning("no_groups_mapped", entry.Key, In("groups"), "no claim gives a group, so the tokens of this issuer see nothing");
        }

        return mapping;
    }

    private RequiredClaim Required(YamlNode node, string path)
    {
        var map = values.Map(node, path, PolicyShape.RequiredClaim);
        var accepted = Need(map, "values", node, path);
        return new RequiredClaim(
            Need(map, "claim", node, path) is { } claim ? ClaimOf(claim, PolicyValues.Join(path, "claim")) : Nowhere,
            accepted is null ? [] : NotEmpty(accepted, PolicyValues.Join(path, "values")));
    }

    private GroupClaim Groups(YamlNode node, string path)
    {
        var map = values.Map(node, path, PolicyShape.GroupClaim);
        var given = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (Need(map, "values", node, path) is { } table)
        {
            var at = PolicyValues.Join(path, "values");
            foreach (var (value, entry) in values.Bounded([.. values.Map(table, at)], table, at, PolicyLimits.ValuesPerList))
            {
                given[value] = GroupIds(entry.Value, PolicyValues.Join(at, value));
            }
        }

        return new GroupClaim(
            Need(map, "claim", node, path) is { } claim ? ClaimOf(claim, PolicyValues.Join(path, "claim")) : Nowhere,
            map.TryGetValue("prefix", out var prefix) ? values.Text(prefix.Value, PolicyValues.Join(path, "prefix")) : "",
            given.ToImmutable());
    }

    private ImmutableArray<string> GroupIds(YamlNode node, string path)
    {
        var ids = NotEmpty(node, path);
        foreach (var id in ids.Where(i => i.Length > 0 && !groups.ContainsKey(i)))
        {
            // A misspelt group would silently give nothing to everybody who has the value.
            problems.Error("unknown_group", node, path, $"`{id}` is not a group of this policy{PolicyValues.Hint(id, groups.Keys)}");
        }

        return ids;
    }

    private ImmutableSortedDictionary<string, ClaimPath> Attributes(YamlNode node, string path)
    {
        var taken = ImmutableSortedDictionary.CreateBuilder<string, ClaimPath>(StringComparer.Ordinal);
        foreach (var (name, entry) in values.Map(node, path))
        {
            var at = PolicyValues.Join(path, name);
            if (!attributes.Contains(name))
            {
                problems.Error("unknown_attribute", entry.Key, at, $"`{name}` is not in `attributes`; use one of {string.Join(", ", attributes)}{PolicyValues.Hint(name, attributes)}");
            }

            taken[name] = ClaimOf(entry.Value, at);
        }

        return taken.ToImmutable();
    }

    private static ClaimPath Nowhere => new([]);

    private ClaimPath ClaimOf(YamlNode node, string path)
    {
        var names = NotEmpty(node, path);
        if (names.Length > PolicyLimits.ClaimDepth)
        {
            problems.Error("too_many", node, path, $"{names.Length} names, at most {PolicyLimits.ClaimDepth} are allowed");
        }

        return new ClaimPath(names);
    }

    private ImmutableArray<string> NotEmpty(YamlNode node, string path)
    {
        if (node is YamlList { Items.Count: 0 })
        {
            problems.Error("empty_list", node, path, "the list is empty; name at least one entry");
            return [];
        }

        return values.Texts(node, path, allowOne: true);
    }

    private YamlNode? Need(IReadOnlyDictionary<string, YamlEntry> map, string key, YamlNode at, string path)
    {
        if (map.TryGetValue(key, out var entry))
        {
            return entry.Value;
        }

        if (at is YamlMap)
        {
            problems.Error("missing_key", at, PolicyValues.Join(path, key), $"`{key}` is missing; add it");
        }

        return null;
    }

    private ImmutableArray<T> Each<T>(YamlNode? node, string path, Func<YamlNode, string, T> read) =>
        node is null ? [] : [.. values.List(node, path, PolicyLimits.ClaimsPerIssuer).Select((item, i) => read(item, PolicyValues.At(path, i)))];
}
