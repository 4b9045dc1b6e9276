using Microsoft.Extensions.Caching.Memory;

namespace AiPlatform.Architecture.Tests.Fixtures;

/// <summary>Never called: one banned call a method.</summary>
public static class BannedCaller
{
    public static DateTime Clock() => DateTime.UtcNow;

    public static int Result(Task<int> task) => task.Result;

    public static int ValueResult(ValueTask<int> task) => task.Result;

    public static int Blocked(Task<int> task) => task.GetAwaiter().GetResult();

    public static async Task<int> BlockedInsideAsync(Task<int> task)
    {
        await Task.Yield();
        return await task + task.GetAwaiter().GetResult();
    }

    public static async Task<int> OrdinaryAsync(Task<int> task)
    {
        await Task.Delay(1).ConfigureAwait(false);
        await using var stream = new MemoryStream();
        return await task + await new ValueTask<int>(1);
    }

    public static void WaitFor(Task task) => task.Wait();

    public static void Sleep() => Thread.Sleep(1);

    public static HttpClient Client() => new();

    public static Guid Id() => Guid.NewGuid();

    public static int Dice() => Random.Shared.Next();

    public static object Cache() => new MemoryCache(new MemoryCacheOptions());

    public static string ReadFile(string path) => File.ReadAllText(path);
}
