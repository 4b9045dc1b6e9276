using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Core.Access;

namespace AiPlatform.Storage.Policy;

/// <summary>The version of a policy: SHA-256 over what it says, so that comments, order of keys and white space do not change it.</summary>
internal static class PolicyVersion
{
    private const int Digits = 16;

    public static string Of(AccessPolicy policy)
    {
        var text = new StringBuilder();
        Add(text, "aip-policy-1");
        List(text, policy.Attributes);
        Count(text, policy.Tiers.Count);
        foreach (var tier in policy.Tiers.Values)
        {
            Add(text, tier.Name, Number(tier.RequestsPerMinute), Number(tier.RequestsPerDay), tier.HighestAccessLevel.ToString());
            List(text, tier.AllowedModels);
        }

        Count(text, policy.Groups.Count);
        foreach (var group in policy.Groups.Values)
        {
            Group(text, group);
        }

        // Left out when there is none, so that policies from before keep their version.
        foreach (var (issuer, mapping) in policy.Claims)
        {
            Claims(text, issuer, mapping);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())))[..Digits];
    }

    private static void Group(StringBuilder text, GroupPolicy group)
    {
        Add(text, group.Id, group.DisplayName, group.Tier, group.DataAccessLevel.ToString(), Number(group.AdministratorLevel), group.RoutingStrategy.ToString());
        List(text, group.Residency);
        Count(text, group.Permissions.Length);
        foreach (var permission in group.Permissions)
        {
            Add(text, permission.Resource);
            List(text, permission.Actions);
            Count(text, permission.Conditions.Count);
            foreach (var (name, accepted) in permission.Conditions)
            {
                Add(text, name);
                List(text, accepted);
            }
        }

        Count(text, group.DataFilters.Length);
        foreach (var filter in group.DataFilters)
        {
            Add(text, filter.Resource, filter.Field, filter.Operator.ToString());
            List(text, filter.Values);
        }

        Count(text, group.Providers.Length);
        foreach (var provider in group.Providers)
        {
            Add(text, provider.Provider, Number(provider.Priority));
            List(text, provider.Models);
        }
    }

    private static void Claims(StringBuilder text, string issuer, ClaimMapping mapping)
    {
        Add(text, "claims", issuer);
        List(text, mapping.Subject.Names);
        Count(text, mapping.Required.Length);
        foreach (var required in mapping.Required)
        {
            List(text, required.Path.Names);
            List(text, required.Accepted);
        }

        Count(text, mapping.Groups.Length);
        foreach (var claim in mapping.Groups)
        {
            List(text, claim.Path.Names);
            Add(text, claim.Prefix);
            Count(text, claim.Values.Count);
            foreach (var (value, groups) in claim.Values)
            {
                Add(text, value);
                List(text, groups);
            }
        }

        Count(text, mapping.Attributes.Count);
        foreach (var (name, path) in mapping.Attributes)
        {
            Add(text, name);
            List(text, path.Names);
        }
    }

    private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Count(StringBuilder text, int count) => text.Append('[').Append(Number(count)).Append(']');

    private static void List(StringBuilder text, IReadOnlyCollection<string> parts)
    {
        Count(text, parts.Count);
        foreach (var part in parts)
        {
            Add(text, part);
        }
    }

    private static void Add(StringBuilder text, params ReadOnlySpan<string> parts)
    {
        foreach (var part in parts)
        {
            text.Append(Number(part.Length)).Append(':').Append(part);
        }
    }
}
