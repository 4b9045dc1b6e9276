using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AiPlatform.Core.Access;

public sealed partial class AccessScope
{
    /// <summary>The canonical form: every part length-prefixed, so that no two different scopes share a text.</summary>
    private static class ScopeFingerprint
    {
        public static string Compute(AccessScope scope, ProductFilter products, ImmutableArray<Permission> permissions)
        {
            var text = new StringBuilder();
            Add(text, "aip-scope-2", scope.PolicyVersion, scope.Tier.Name, Number((int)scope.DataAccessLevel), Number(scope.AdministratorLevel), scope.RoutingStrategy.ToString());
            AddList(text, scope.Groups);
            AddList(text, scope.Residency);
            AddList(text, scope.Tier.AllowedModels);
            Add(text, Number(scope.Tier.RequestsPerMinute), Number(scope.Tier.RequestsPerDay));
            AddList(text, permissions.Select(Text).Order(StringComparer.Ordinal));
            AddList(text, scope.Providers.Select(Text));
            Add(text, products.SeesEverything ? "everything" : "filtered", products.Region is null ? "unknown" : "region", products.Region ?? "");
            Add(text, Number(products.Branches.Length));
            foreach (var branch in products.Branches)
            {
                Add(text, branch.GroupId, Number((int)branch.Level), branch.Never ? "never" : "open");
                AddList(text, branch.Catalogs);
                Add(text, Number(branch.Predicates.Length));
                foreach (var predicate in branch.Predicates)
                {
                    Add(text, predicate.Field, predicate.Operator.ToString(), predicate.Bound?.ToString(CultureInfo.InvariantCulture) ?? "");
                    AddList(text, predicate.Values);
                }
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }

        private static string Text(Permission permission)
        {
            var text = new StringBuilder();
            Add(text, permission.Resource);
            AddList(text, permission.Actions);
            Add(text, Number(permission.Conditions.Count));
            foreach (var (name, values) in permission.Conditions)
            {
                Add(text, name);
                AddList(text, values);
            }

            return text.ToString();
        }

        private static string Text(ProviderAccess provider)
        {
            var text = new StringBuilder();
            Add(text, provider.Provider, Number(provider.Priority));
            AddList(text, provider.Models);
            return text.ToString();
        }

        private static string Number(int value) => value.ToString(CultureInfo.InvariantCulture);

        private static void AddList(StringBuilder text, IEnumerable<string> parts)
        {
            var list = parts as IReadOnlyCollection<string> ?? [.. parts];
            text.Append(CultureInfo.InvariantCulture, $"[{list.Count}]");
            foreach (var part in list)
            {
                Add(text, part);
            }
        }

        private static void Add(StringBuilder text, params ReadOnlySpan<string> parts)
        {
            foreach (var part in parts)
            {
                text.Append(CultureInfo.InvariantCulture, $"{part.Length}:").Append(part);
            }
        }
    }
}
