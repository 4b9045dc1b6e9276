using Mono.Cecil;

namespace AiPlatform.Architecture.Tests.Bans;

/// <summary>
/// The bans of BannedSymbols.txt once more over the built code: an analyzer can be silenced where it looks, the IL cannot.
/// </summary>
internal static class BannedCalls
{
    private static readonly Dictionary<string, string> Banned = new(StringComparer.Ordinal)
    {
        ["System.DateTime::get_Now"] = "ambient clock",
        ["System.DateTime::get_UtcNow"] = "ambient clock",
        ["System.DateTime::get_Today"] = "ambient clock",
        ["System.DateTimeOffset::get_Now"] = "ambient clock",
        ["System.DateTimeOffset::get_UtcNow"] = "ambient clock",
        ["System.Threading.Tasks.Task`1::get_Result"] = "blocks a thread",
        ["System.Threading.Tasks.ValueTask`1::get_Result"] = "blocks a thread",
        ["System.Threading.Tasks.Task::Wait"] = "blocks a thread",
        ["System.Threading.Tasks.Task::WaitAll"] = "blocks a thread",
        ["System.Threading.Tasks.Task::WaitAny"] = "blocks a thread",
        ["System.Threading.Thread::Sleep"] = "blocks a thread",
        ["System.Net.Http.HttpClient::.ctor"] = "sockets are not pooled",
        ["System.Guid::NewGuid"] = "ambient id",
        ["System.Random::get_Shared"] = "ambient randomness",
        ["Microsoft.Extensions.Caching.Memory.MemoryCache::.ctor"] = "not keyed by scope",
    };

    public static IEnumerable<string> Violations(AssemblyDefinition assembly) => IlScan.Bodies(assembly).SelectMany(Violations);

    private static IEnumerable<string> Violations(MethodDefinition method)
    {
        var awaited = 0;
        var blocked = 0;
        foreach (var (_, target) in IlScan.Calls(method))
        {
            if (Banned.TryGetValue(IlScan.Key(target), out var why) || (why = InterfaceBan(target)) is not null)
            {
                yield return $"{method.FullName} calls {IlScan.Key(target)}: {why}";
            }

            if (IsAwaiter(target))
            {
                awaited += target.Name == "get_IsCompleted" ? 1 : 0;
                blocked += target.Name == "GetResult" ? 1 : 0;
            }
        }

        // Each await compiles to one IsCompleted and one GetResult; a GetResult more than that was written by hand.
        if (blocked > awaited && !IlScan.IsEntryPoint(method))
        {
            yield return $"{method.FullName} calls GetAwaiter().GetResult(): blocks a thread";
        }
    }

    private static string? InterfaceBan(MethodReference target) =>
        target.DeclaringType.FullName.StartsWith("Microsoft.Extensions.Caching.Memory.", StringComparison.Ordinal) ? "not keyed by scope" : null;

    private static bool IsAwaiter(MethodReference target)
    {
        var type = target.DeclaringType.GetElementType().FullName;
        return type.StartsWith("System.Runtime.CompilerServices.", StringComparison.Ordinal) && type.Contains("Awaiter", StringComparison.Ordinal)
            && type.Contains("Task", StringComparison.Ordinal);
    }
}
