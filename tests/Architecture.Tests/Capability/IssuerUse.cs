using Mono.Cecil;
using Mono.Cecil.Cil;

namespace AiPlatform.Architecture.Tests.Capability;

/// <summary>
/// Who makes scopes. The issuer is constructed by composition roots and by the leak probes, which make up callers, only, a scope by the issuer only, and a scope without limits
/// needs a reason written in the source and a place in the list below.
/// </summary>
internal static class IssuerUse
{
    private const string Scope = "AiPlatform.Core.Access.AccessScope";
    private const string Issuer = Scope + "/Issuer";

    /// <summary>Outermost types that may construct the issuer.</summary>
    public static IReadOnlyList<string> CompositionRoots { get; } =
    [
        "AiPlatform.Indexer.Console.StandaloneSession",
        "AiPlatform.Indexer.Worker.WorkerHost",
        "AiPlatform.Indexer.Gates.LeakScopes",
        "AiPlatform.McpServer.Hosting.ServerHost",
    ];

    /// <summary>Outermost types that may ask for a scope without limits.</summary>
    public static IReadOnlyList<string> SystemWork { get; } =
    [
        "AiPlatform.Indexer.Console.JobsSession",
        "AiPlatform.Indexer.Console.StandaloneSession",
        "AiPlatform.Indexer.Jobs.ReindexJobs",
        "AiPlatform.Indexer.Worker.ReindexRunner",
        "AiPlatform.McpServer.Console.KeysCommand",
        "AiPlatform.McpServer.Hosting.DemoKeys",
        "AiPlatform.McpServer.Hosting.SampleCatalog",
        "AiPlatform.McpServer.Mcp.Changes.ChangeFeed",
        "AiPlatform.McpServer.Mcp.Tools.Explaining.ExplainAccessTool",
        "AiPlatform.McpServer.Operations.PlatformHealth",
    ];

    public static IEnumerable<string> Violations(AssemblyDefinition assembly, IReadOnlyCollection<string> roots, IReadOnlyCollection<string> systemWork) =>
        IlScan.Bodies(assembly).SelectMany(m => IlScan.Calls(m).SelectMany(c => Judge(m, c.At, c.Target, roots, systemWork)));

    /// <summary>Types of the two lists that exist and no longer do what they are listed for.</summary>
    public static IEnumerable<string> Unused(IReadOnlyCollection<AssemblyDefinition> assemblies, IReadOnlyCollection<string> roots, IReadOnlyCollection<string> systemWork)
    {
        var calls = assemblies.SelectMany(IlScan.Bodies).SelectMany(m => IlScan.Calls(m).Select(c => (In: IlScan.WrittenIn(m), Key: IlScan.Key(c.Target)))).ToHashSet();
        return roots.Where(r => !calls.Contains((r, Issuer + "::.ctor")))
            .Concat(systemWork.Where(s => !calls.Contains((s, Issuer + "::IssueSystem"))))
            .Where(name => assemblies.Any(a => a.MainModule.GetType(name) is not null));
    }

    private static IEnumerable<string> Judge(MethodDefinition method, Instruction at, MethodReference target, IReadOnlyCollection<string> roots, IReadOnlyCollection<string> systemWork)
    {
        var place = IlScan.WrittenIn(method);
        switch (IlScan.Key(target))
        {
            case Issuer + "::.ctor" when !roots.Contains(place):
                yield return $"{place} constructs AccessScope.Issuer";
                break;
            case Scope + "::.ctor" when place != Scope:
                yield return $"{place} constructs AccessScope";
                break;
            case "System.Runtime.CompilerServices.RuntimeHelpers::GetUninitializedObject":
                yield return $"{place} makes an object without its constructor";
                break;
            case Issuer + "::IssueSystem":
                if (!systemWork.Contains(place))
                {
                    yield return $"{place} asks for a system scope";
                }

                // The reason is the last argument, so a literal is the instruction just before the call.
                if (at.OpCode.Code is Code.Ldftn or Code.Ldvirtftn || at.Previous is not { OpCode.Code: Code.Ldstr, Operand: string { Length: > 10 } })
                {
                    yield return $"{place} gives a system scope's reason that is no literal of some words";
                }

                break;
        }
    }
}
