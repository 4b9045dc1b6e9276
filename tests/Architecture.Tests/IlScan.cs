using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AiPlatform.Architecture.Tests;

/// <summary>Walks method bodies.</summary>
internal static class IlScan
{
    /// <summary>Every method with a body, compiler-made ones included.</summary>
    public static IEnumerable<MethodDefinition> Bodies(AssemblyDefinition assembly) =>
        assembly.Modules.SelectMany(m => m.GetTypes()).SelectMany(t => t.Methods).Where(m => m.HasBody);

    /// <summary>Calls, constructions and method references of a body.</summary>
    public static IEnumerable<(Instruction At, MethodReference Target)> Calls(MethodDefinition method) =>
        method.Body.Instructions
            .Where(i => i.OpCode.Code is Code.Call or Code.Callvirt or Code.Newobj or Code.Ldftn or Code.Ldvirtftn)
            .Select(i => (i, (MethodReference)i.Operand));

    /// <summary>The outermost type the code was written in, whatever closures and state machines the compiler put it into.</summary>
    public static string WrittenIn(MethodDefinition method)
    {
        var type = method.DeclaringType;
        while (type.DeclaringType is { } outer)
        {
            type = outer;
        }

        return type.FullName;
    }

    /// <summary>Type and method name without generic arguments: <c>System.Threading.Tasks.Task`1::get_Result</c>.</summary>
    public static string Key(MethodReference target) => $"{target.DeclaringType.GetElementType().FullName}::{target.Name}";

    public static bool IsEntryPoint(MethodDefinition method) => method == method.Module.Assembly.EntryPoint;
}
