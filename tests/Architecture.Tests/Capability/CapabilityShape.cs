using System.Reflection;

namespace AiPlatform.Architecture.Tests.Capability;

/// <summary>What makes a type unforgeable: a sealed class, no record, private constructors only, nothing that can be set, no operators.</summary>
internal static class CapabilityShape
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Violations(Type type)
    {
        if (!type.IsClass || !type.IsSealed)
        {
            yield return $"{type.Name} is not sealed";
        }

        if (type.GetMethod("<Clone>$", All) is not null)
        {
            yield return $"{type.Name} is a record";
        }

        if (type.GetConstructors(All & ~BindingFlags.Static).Any(c => !c.IsPrivate))
        {
            yield return $"{type.Name} has a constructor that is not private";
        }

        foreach (var property in type.GetProperties(All).Where(p => p.SetMethod is not null))
        {
            yield return $"{type.Name}.{property.Name} has a setter";
        }

        foreach (var field in type.GetFields(All).Where(f => !f.IsInitOnly && !f.IsLiteral))
        {
            yield return $"{type.Name}.{field.Name} is not readonly";
        }

        foreach (var method in type.GetMethods(All).Where(m => m.IsStatic && !m.IsPrivate && m.ReturnType == type))
        {
            yield return $"{type.Name}.{method.Name} makes one";
        }
    }
}
