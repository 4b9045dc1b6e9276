using System.Reflection;
using AiPlatform.Core.Access;

namespace AiPlatform.Architecture.Tests.ReadContracts;

/// <summary>
/// Every public contract takes <see cref="AccessScope"/> first, neither nullable nor optional, and so does every other public
/// method of a type that implements one. What is exempt is named here with the reason; an exemption that no longer applies fails.
/// </summary>
internal static class ScopeFirst
{
    public static IReadOnlyDictionary<string, string> Exempt { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["IApiKeyStore.AuthenticateAsync"] = "establishes who is asking; there is no scope before it",
        ["IApiKeyStore.RecheckAsync"] = "establishes again who is asking; there is no scope before it",
        ["IAccessPolicySource.*"] = "the issuer's own input, made before any scope",
        ["IAccessAudit.*"] = "write-only: nothing can be read through it",
        ["ICallAudit.*"] = "write-only: nothing can be read through it",
        ["ICatalogBuild.*"] = "handed out by ICatalogStore.BeginBuildAsync, which took a system scope",
        ["IServerSeal.*"] = "computes on what it is given; what it keeps is never answered",
        ["IProductEmbedder.*"] = "computes on what it is given and reads no state",
    };

    public static bool IsExempt(string contract, string member, ISet<string>? used = null)
    {
        foreach (var key in new[] { $"{contract}.{member}", $"{contract}.*" })
        {
            if (Exempt.ContainsKey(key))
            {
                used?.Add(key);
                return true;
            }
        }

        return false;
    }

    /// <summary>Members of the interface, property getters included, that can be called without a scope.</summary>
    public static IEnumerable<string> Violations(Type contract, ISet<string>? used = null) =>
        contract.GetMethods()
            .Where(m => Fault(m) is not null && !IsExempt(contract.Name, MemberName(m), used))
            .Select(m => $"{contract.Name}.{MemberName(m)}: {Fault(m)}");

    /// <summary>Public instance methods of an implementing type that answer something without a scope.</summary>
    public static IEnumerable<string> ImplementationViolations(Type implementation, IReadOnlyCollection<Type> contracts)
    {
        var implemented = contracts.Where(c => c.IsAssignableFrom(implementation)).ToArray();
        if (implemented.Length == 0 || implementation.IsInterface || implemented.All(c => c.GetMethods().All(m => IsExempt(c.Name, MemberName(m)))))
        {
            return [];
        }

        var foreign = implementation.GetInterfaces().Where(i => !contracts.Contains(i))
            .SelectMany(i => implementation.GetInterfaceMap(i).TargetMethods);
        var exempt = implemented.SelectMany(c => implementation.GetInterfaceMap(c) is var map
            ? map.InterfaceMethods.Zip(map.TargetMethods).Where(p => IsExempt(c.Name, MemberName(p.First))).Select(p => p.Second)
            : []);
        var skipped = foreign.Concat(exempt).ToHashSet();
        return implementation.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
            .Where(m => !skipped.Contains(m) && m.GetBaseDefinition() == m && AnswersSomething(m.ReturnType) && Fault(m) is not null)
            .Select(m => $"{implementation.Name}.{MemberName(m)}: {Fault(m)}");
    }

    private static string? Fault(MethodInfo method)
    {
        if (method.GetParameters() is not [var first, ..] || first.ParameterType != typeof(AccessScope))
        {
            return "the first parameter is not AccessScope";
        }

        if (first.IsOptional || first.HasDefaultValue)
        {
            return "the scope is optional";
        }

        return new NullabilityInfoContext().Create(first).WriteState == NullabilityState.NotNull ? null : "the scope may be null";
    }

    private static bool AnswersSomething(Type type) => type != typeof(void) && type != typeof(Task) && type != typeof(ValueTask);

    private static string MemberName(MethodInfo method) =>
        method.IsSpecialName && method.Name.StartsWith("get_", StringComparison.Ordinal) ? method.Name[4..] : method.Name;
}
