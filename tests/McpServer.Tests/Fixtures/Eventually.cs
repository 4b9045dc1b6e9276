using System.Diagnostics;

namespace AiPlatform.McpServer.Tests.Fixtures;

/// <summary>For what follows an event without telling anybody: looks until it is so.</summary>
internal static class Eventually
{
    public static async Task IsAsync(Func<bool> condition, string what)
    {
        var begun = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(begun) < EventReader.Patience, $"Never: {what}");
            await Task.Delay(2);
        }
    }
}
