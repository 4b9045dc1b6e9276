using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Auth;

namespace AiPlatform.McpServer.Mcp.Tools.Explaining;

/// <summary>Whose access is explained: a key, or groups with attributes as if somebody had them.</summary>
/// <param name="Facts">What authentication would establish.</param>
/// <param name="Words">Who it is, in words, for the answer and the audit. Never a secret.</param>
internal sealed record ExplainedCaller(CallerFacts Facts, string Words)
{
    /// <summary>The argument that names a key. Needs <see cref="Right.ReadKeys"/>.</summary>
    public const string KeyPrefix = "key_prefix";

    private const int MaxAttributes = 16;
    private const int MaxText = 200;
    private const int MaxPrefix = 64;

    private static readonly string[] AttributeMembers = ["name", "value"];

    /// <summary>Properties for an input schema, without the braces.</summary>
    public const string Schema = """
        "groups": {"type": "array", "minItems": 1, "maxItems": 64, "items": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}, "description": "Explain for a caller of these groups. Give either groups or key_prefix."},
        "region": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200, "description": "With groups: the caller's region, such as EU."},
        "attributes": {"type": "array", "maxItems": 16, "description": "With groups: other attributes of the caller that data filters refer to.", "items": {"type": "object", "additionalProperties": false, "required": ["name", "value"], "properties": {
          "name": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}, "value": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 200}}}},
        "key_prefix": {"type": "string", "minLength": 1, "pattern": "\\S", "maxLength": 64, "description": "Explain for an API key, named by its public prefix, never by the key itself. Needs the permission keys: read."}
        """;

    /// <exception cref="ToolArgumentException">Neither or both are given, or an argument is wrong.</exception>
    /// <exception cref="CatalogRequestException">There is no such key.</exception>
    /// <exception cref="AccessRefusedException">The asking scope may not list keys.</exception>
    public static async ValueTask<ExplainedCaller> ReadAsync(IApiKeyStore keys, AccessScope asking, ToolArguments arguments, CancellationToken cancellationToken)
    {
        var groups = arguments.Texts("groups", AccessScope.Issuer.MaxGroupsPerCaller, MaxText);
        if (arguments.Has(KeyPrefix) == (groups.Length > 0))
        {
            throw groups.Length > 0
                ? new ToolArgumentException(ToolArgumentException.Invalid, KeyPrefix, "Give 'groups' or 'key_prefix', not both.")
                : new ToolArgumentException(ToolArgumentException.Missing, "groups", "Whose access is asked for? Give 'groups', or the 'key_prefix' of an API key.");
        }

        return groups.Length > 0
            ? OfGroups(groups, arguments)
            : await OfKeyAsync(keys, asking, arguments, cancellationToken);
    }

    private static ExplainedCaller OfGroups(ImmutableArray<string> groups, ToolArguments arguments)
    {
        var attributes = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var attribute in arguments.Objects("attributes", MaxAttributes))
        {
            attribute.AllowOnly(AttributeMembers);
            attributes[attribute.RequiredText("name", MaxText)] = attribute.RequiredText("value", MaxText);
        }

        if (arguments.Has("region"))
        {
            attributes[CallerFacts.RegionAttribute] = arguments.RequiredText("region", MaxText);
        }

        var region = attributes.GetValueOrDefault(CallerFacts.RegionAttribute);
        var words = $"groups {string.Join(", ", groups)}{(region is null ? "" : $" in {region}")}";
        return new ExplainedCaller(new CallerFacts("explained", groups, attributes.ToImmutable(), DateTimeOffset.MaxValue), words);
    }

    private static async ValueTask<ExplainedCaller> OfKeyAsync(IApiKeyStore keys, AccessScope asking, ToolArguments arguments, CancellationToken cancellationToken)
    {
        foreach (var other in (string[])["region", "attributes"])
        {
            if (arguments.Has(other))
            {
                throw arguments.Fault(other, "goes with groups; a key has its own");
            }
        }

        var prefix = arguments.RequiredText(KeyPrefix, MaxPrefix);
        var record = (await keys.ListAsync(asking, cancellationToken)).FirstOrDefault(k => string.Equals(k.Prefix, prefix, StringComparison.Ordinal))
            ?? throw new ToolArgumentException(CatalogErrors.NotFound, KeyPrefix, "There is no key with this prefix. The command keys list shows the prefixes.");
        var facts = ScopeMemory.FactsOf(record);
        return new ExplainedCaller(record.RevokedAt is { } revoked ? facts with { ExpiresAt = revoked } : facts, $"key {record.Prefix}");
    }
}
