using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Policy;

/// <summary>Turns the tree of a policy file into a policy: the root, the tiers and the list of groups. One use per file.</summary>
internal sealed class PolicyParser
{
    private readonly PolicyProblems _problems;
    private readonly PolicyValues _values;

    public PolicyParser(PolicyProblems problems)
    {
        _problems = problems;
        _values = new PolicyValues(problems);
    }

    /// <summary>The policy; meaningless when the problems have errors.</summary>
    public AccessPolicy Parse(YamlNode root)
    {
        var map = _values.Map(root, "", PolicyShape.Root);
        if (map.TryGetValue("version", out var version))
        {
            _values.Whole(version.Value, "version", PolicyShape.FormatVersion, PolicyShape.FormatVersion, PolicyShape.FormatVersion);
        }

        var tiers = Tiers(map.GetValueOrDefault("tiers"));
        var attributes = map.TryGetValue("attributes", out var names) ? Attributes(names.Value) : [CallerFacts.RegionAttribute];
        var groups = ImmutableSortedDictionary.CreateBuilder<string, GroupPolicy>(StringComparer.Ordinal);
        if (map.TryGetValue("groups", out var declared))
        {
            var reader = new PolicyGroupParser(_problems, _values, tiers, attributes);
            foreach (var (id, entry) in _values.Bounded([.. _values.Map(declared.Value, "groups")], declared.Value, "groups", PolicyLimits.Groups))
            {
                groups[id] = reader.Parse(id, entry);
            }
        }
        else
        {
            _problems.Error("missing_key", root, "groups", "`groups` is missing; declare at least one group, or `groups: {}` to let nobody in");
        }

        var policy = new AccessPolicy("", tiers, groups.ToImmutable(), attributes);
        if (map.TryGetValue("claims", out var claims))
        {
            policy = policy with { Claims = new PolicyClaimsParser(_problems, _values, policy.Groups, attributes).Parse(claims.Value) };
        }

        return policy with { Version = PolicyVersion.Of(policy) };
    }

    private ImmutableSortedDictionary<string, TierPolicy> Tiers(YamlEntry? entry)
    {
        var tiers = TierPolicy.Defaults.ToImmutableSortedDictionary(t => t.Name, t => t, StringComparer.Ordinal).ToBuilder();
        if (entry is null)
        {
            return tiers.ToImmutable();
        }

        foreach (var (name, tier) in _values.Bounded([.. _values.Map(entry.Value, "tiers")], entry.Value, "tiers", PolicyLimits.Tiers))
        {
            var path = PolicyValues.Join("tiers", name);
            _values.Id(tier.Key, name, path);
            tiers[name] = Tier(name, tier.Value, path, tiers.GetValueOrDefault(name));
        }

        return tiers.ToImmutable();
    }

    /// <summary>A tier of the defaults keeps what the file does not say; a new one must say everything but its models.</summary>
    private TierPolicy Tier(string name, YamlNode node, string path, TierPolicy? known)
    {
        var map = _values.Map(node, path, PolicyShape.Tier);
        var tier = known ?? new TierPolicy(name, 1, 1, [], DataAccessLevel.Public);
        if (known is null)
        {
            foreach (var missing in PolicyShape.RequiredOfNewTier.Where(k => !map.ContainsKey(k)))
            {
                _problems.Error("missing_key", node, PolicyValues.Join(path, missing), $"`{missing}` is missing; a tier of your own must state it");
            }
        }

        int Rate(string key, int fallback) =>
            map.TryGetValue(key, out var rate) ? _values.Whole(rate.Value, PolicyValues.Join(path, key), 1, int.MaxValue, fallback) : fallback;

        tier = tier with
        {
            RequestsPerMinute = Rate("requestsPerMinute", tier.RequestsPerMinute),
            RequestsPerDay = Rate("requestsPerDay", tier.RequestsPerDay),
            AllowedModels = map.TryGetValue("models", out var models) ? _values.Texts(models.Value, PolicyValues.Join(path, "models")) : tier.AllowedModels,
            HighestAccessLevel = map.TryGetValue("highestAccessLevel", out var level)
                ? (DataAccessLevel)_values.Choice(level.Value, PolicyValues.Join(path, "highestAccessLevel"), PolicyShape.Levels, "unknown_level", 0)
                : tier.HighestAccessLevel,
        };
        if (tier.RequestsPerDay < tier.RequestsPerMinute)
        {
            _problems.Warning("day_below_minute", node, path, "requestsPerDay is below requestsPerMinute, so the minute's limit is never reached");
        }

        return tier;
    }

    private ImmutableArray<string> Attributes(YamlNode node)
    {
        var items = _values.List(node, "attributes", PolicyLimits.Attributes);
        var names = ImmutableArray.CreateBuilder<string>();
        for (var i = 0; i < items.Count; i++)
        {
            var path = PolicyValues.At("attributes", i);
            var name = _values.Text(items[i], path);
            if (name.Length > 0 && _values.Id(items[i], name, path))
            {
                if (names.Contains(name))
                {
                    _problems.Error("duplicate_value", items[i], path, $"`{name}` is in the list twice; keep one");
                }

                names.Add(name);
            }
        }

        return [.. names.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
    }
}
