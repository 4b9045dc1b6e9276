using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Policy;

/// <summary>Reads one group: its rights, providers and residency. Data filters are <see cref="PolicyFilterParser"/>'s.</summary>
internal sealed class PolicyGroupParser(
    PolicyProblems problems,
    PolicyValues values,
    ImmutableSortedDictionary<string, TierPolicy> tiers,
    ImmutableArray<string> attributes)
{
    private readonly PolicyFilterParser _filters = new(problems, values, attributes);

    public GroupPolicy Parse(string id, YamlEntry entry)
    {
        var path = PolicyValues.Join("groups", id);
        if (values.Id(entry.Key, id, path) && id == GroupPolicy.Everyone)
        {
            problems.Error("reserved_group", entry.Key, path, "`everyone` is what products name when all callers may see them, not a group; choose another id");
        }

        var map = values.Map(entry.Value, path, PolicyShape.Group);
        string In(string key) => PolicyValues.Join(path, key);
        YamlNode? Get(string key) => map.TryGetValue(key, out var found) ? found.Value : null;

        var group = new GroupPolicy
        {
            Id = id,
            DisplayName = Get("displayName") is { } name ? values.Text(name, In("displayName"), id) : id,
            Tier = Tier(entry, Get("tier"), In("tier")),
            DataAccessLevel = Get("dataAccessLevel") is { } level
                ? (DataAccessLevel)values.Choice(level, In("dataAccessLevel"), PolicyShape.Levels, "unknown_level", 0)
                : DataAccessLevel.Public,
            AdministratorLevel = Get("administratorLevel") is { } rank ? values.Whole(rank, In("administratorLevel"), 0, 100, 0) : 0,
            Permissions = Each(Get("permissions"), In("permissions"), PolicyLimits.PermissionsPerGroup, Permission),
            DataFilters = Each(Get("dataFilters"), In("dataFilters"), PolicyLimits.FiltersPerGroup, _filters.Parse),
            Providers = Each(Get("providers"), In("providers"), PolicyLimits.ProvidersPerGroup, Provider),
            RoutingStrategy = Get("routingStrategy") is { } strategy
                ? (RoutingStrategy)values.Choice(strategy, In("routingStrategy"), PolicyShape.Strategies, "unknown_strategy", 0)
                : RoutingStrategy.Balanced,
            Residency = Get("residency") is { } residency ? Residency(residency, In("residency")) : [],
        };
        Warn(group, entry, path, Get("dataAccessLevel") ?? entry.Key);
        return group;
    }

    private void Warn(GroupPolicy group, YamlEntry entry, string path, YamlNode levelAt)
    {
        if (tiers.TryGetValue(group.Tier, out var tier) && group.DataAccessLevel > tier.HighestAccessLevel)
        {
            problems.Warning("level_above_tier", levelAt, PolicyValues.Join(path, "dataAccessLevel"), $"the tier {tier.Name} ends at {Name(tier.HighestAccessLevel)}, so members see no more than that; choose a higher tier or a lower level");
        }

        if (!group.Permissions.Any(p => p.Covers(Right.ReadProducts)))
        {
            problems.Warning("no_products_read", entry.Key, PolicyValues.Join(path, "permissions"), "no permission covers `products: read`, so members see no product");
        }
    }

    private string Tier(YamlEntry group, YamlNode? node, string path)
    {
        if (node is null)
        {
            problems.Error("missing_key", group.Key, path, $"`tier` is missing; use one of {string.Join(", ", tiers.Keys)}");
            return TierPolicy.Free.Name;
        }

        var name = values.Text(node, path, TierPolicy.Free.Name);
        if (!tiers.ContainsKey(name))
        {
            problems.Error("unknown_tier", node, path, $"`{name}` is not a tier; use one of {string.Join(", ", tiers.Keys)}{PolicyValues.Hint(name, tiers.Keys)}");
        }

        return name;
    }

    private Permission Permission(YamlNode node, string path)
    {
        var map = values.Map(node, path, PolicyShape.Permission);
        var conditions = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (map.TryGetValue("conditions", out var declared))
        {
            var at = PolicyValues.Join(path, "conditions");
            foreach (var (name, condition) in values.Map(declared.Value, at))
            {
                conditions[name] = NotEmpty(condition.Value, PolicyValues.Join(at, name));
            }
        }

        var resource = Required(map, "resource", node, path) is { } r ? Resource(r, PolicyValues.Join(path, "resource")) : "";
        WarnOfConditions(resource, conditions.Keys, node, path);

        var actions = Required(map, "actions", node, path) is { } a ? NotEmpty(a, PolicyValues.Join(path, "actions")) : [];
        return new Permission(resource, actions, conditions.ToImmutable());
    }

    /// <summary>Says which conditions nothing will ever answer. Of a resource that is not known here nothing can be said.</summary>
    private void WarnOfConditions(string resource, IEnumerable<string> conditions, YamlNode node, string path)
    {
        var rights = Right.All.Where(r => resource == "*" || r.Resource == resource).ToArray();
        if (rights.Length > 0 && conditions.Any(c => !rights.Any(r => r.Condition == c)))
        {
            var known = rights.Select(r => r.Condition).FirstOrDefault(c => c is not null) is { } condition ? $"only the condition `{condition}`; with any other" : "no condition; with one";
            problems.Warning("unknown_condition", node, path, $"`{resource}` knows {known} this permission gives nothing");
        }
    }

    private ProviderAccess Provider(YamlNode node, string path)
    {
        var map = values.Map(node, path, PolicyShape.Provider);
        return new ProviderAccess(
            Required(map, "provider", node, path) is { } name ? Resource(name, PolicyValues.Join(path, "provider")) : "",
            Required(map, "models", node, path) is { } models ? NotEmpty(models, PolicyValues.Join(path, "models")) : [],
            map.TryGetValue("priority", out var priority) ? values.Whole(priority.Value, PolicyValues.Join(path, "priority"), 0, 1000, 0) : 0);
    }

    /// <summary>An empty list would read as "anywhere", the opposite of what whoever wrote it meant.</summary>
    private ImmutableArray<string> Residency(YamlNode node, string path) => NotEmpty(node, path);

    private ImmutableArray<string> NotEmpty(YamlNode node, string path)
    {
        if (node is YamlList { Items.Count: 0 })
        {
            problems.Error("empty_list", node, path, "the list is empty; name at least one entry or leave the key out");
        }

        return values.Texts(node, path);
    }

    private string Resource(YamlNode node, string path)
    {
        var name = values.Text(node, path);
        if (name.Length > 0 && name != "*")
        {
            values.Id(node, name, path);
        }

        return name;
    }

    private YamlNode? Required(IReadOnlyDictionary<string, YamlEntry> map, string key, YamlNode at, string path)
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

    private ImmutableArray<T> Each<T>(YamlNode? node, string path, int limit, Func<YamlNode, string, T> read) =>
        node is null ? [] : [.. values.List(node, path, limit).Select((item, i) => read(item, PolicyValues.At(path, i)))];

    private static string Name(DataAccessLevel level) => PolicyShape.Levels[(int)level];
}
