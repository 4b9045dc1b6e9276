using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;
using Xunit.Abstractions;

namespace AiPlatform.McpServer.Tests.Security;

/// <summary>
/// A product out of sight and one that does not exist take the same time: the probability that one measurement of the one exceeds one of the
/// other is a half, but for <see cref="Bound"/>. Measured at the client, over the real engine, in random order. A control shows that
/// the measure sees a difference of <see cref="Injected"/>.
/// </summary>
public sealed class TimingTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Pairs = 1_200;
    private const double Bound = 0.05;
    private const string Missing = "absent-1";

    private static readonly TimeSpan Injected = TimeSpan.FromMicroseconds(100);

    private readonly DelayedIndex _delayed = new();
    private EmbeddedIndex? _index;
    private TestServer? _server;

    public static TheoryData<string, string> Reads => new()
    {
        { "get_products", """{"catalog":"sample","ids":["?"]}""" },
        { "find_similar_products", """{"catalog":"sample","id":"?"}""" },
        { "compare_products", """{"catalog":"sample","ids":["?","e-02"]}""" },
        { "resources/read", """{"uri":"product://sample/?"}""" },
        { "prompts/get", """{"name":"complement_product","arguments":{"id":"?","catalog":"sample"}}""" },
        { "completion/complete", """{"ref":{"type":"ref/resource","uri":"product://{catalog}/{id}"},"argument":{"name":"id","value":"?"},"context":{"arguments":{"catalog":"sample"}}}""" },
    };

    public async Task InitializeAsync()
    {
        _index = await EmbeddedIndex.BuildAsync(TestCatalog.All);
        _delayed.Inner = _index.Catalog;
        _server = new TestServer(services => services.AddSingleton<ICatalogIndex>(_delayed));
        await _server.InitializeAsync();
    }

    public async Task DisposeAsync()
    {
        await _server!.DisposeAsync();
        _index!.Dispose();
    }

    [Theory]
    [MemberData(nameof(Reads))]
    public async Task ForbiddenAndMissing_TakeTheSameTime(string what, string template)
    {
        var effect = await EffectAsync(what, template);

        Assert.True(Math.Abs(effect - 0.5) < Bound, $"A forbidden product can be told from a missing one with probability {effect:F3}.");
    }

    [Fact]
    public async Task Control_ADelayOfForbiddenProducts_IsSeen()
    {
        _delayed.Delay = Injected;
        var effect = await EffectAsync("get_products", """{"catalog":"sample","ids":["?"]}""");

        Assert.True(effect - 0.5 > Bound, $"The measure does not see {Injected.TotalMicroseconds} µs: {effect:F3}.");
    }

    /// <summary>The probability that a forbidden product's answer takes longer than a missing one's: the rank-sum statistic over all pairs.</summary>
    private async Task<double> EffectAsync(string what, string template)
    {
        var random = new Random(7);
        using var connection = new RawConnection(_server!.Address);
        var requests = new[] { await RequestAsync(what, template, TestCatalog.SecretId), await RequestAsync(what, template, Missing) };
        var times = new[] { new List<double>(), new List<double>() };
        for (var i = -100; i < Pairs; i++)
        {
            var first = random.Next(2);
            foreach (var which in (int[])[first, 1 - first])
            {
                // The quickest of three: what else the machine does only ever adds.
                var quickest = double.MaxValue;
                for (var n = 0; n < 3; n++)
                {
                    quickest = Math.Min(quickest, await MeasureAsync(connection, requests[which]));
                }

                if (i >= 0)
                {
                    times[which].Add(quickest);
                }
            }
        }

        var effect = Superiority(times[0], times[1]);
        output.WriteLine($"{what}: {effect:F4}, medians {Median(times[0]):F1} and {Median(times[1]):F1} µs");
        return effect;
    }

    private static async Task<double> MeasureAsync(RawConnection connection, byte[] request)
    {
        var begun = Stopwatch.GetTimestamp();
        await connection.SendAsync(request);
        var answer = await connection.ReadAsync(_ => false, EventReader.Patience);
        var elapsed = Stopwatch.GetElapsedTime(begun).TotalMicroseconds;
        Assert.Equal(200, answer!.Status);
        return elapsed;
    }

    /// <summary>Mann and Whitney's U over the number of pairs; ties count half.</summary>
    private static double Superiority(List<double> first, List<double> second)
    {
        second.Sort();
        var above = 0.0;
        foreach (var value in first)
        {
            var lower = Below(second, value, orEqual: false);
            above += lower + ((Below(second, value, orEqual: true) - lower) / 2.0);
        }

        return above / ((double)first.Count * second.Count);
    }

    private static int Below(List<double> sorted, double value, bool orEqual)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] < value || (orEqual && sorted[middle] <= value) ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    private static string? NameOf(JsonNode parameters) => (parameters["uri"] ?? parameters["name"])?.GetValue<string>();

    private async Task<byte[]> RequestAsync(string what, string template, string id)
    {
        var filled = template.Replace("?", id, StringComparison.Ordinal);
        using var request = what.Contains('/', StringComparison.Ordinal)
            ? RawMcp.Modern(_server!.Europe, what, JsonNode.Parse(filled)!.AsObject(), NameOf(JsonNode.Parse(filled)!))
            : RawMcp.Call(_server!.Europe, what, filled);
        var body = await request.Content!.ReadAsByteArrayAsync();
        var head = new StringBuilder("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n");
        foreach (var (name, values) in request.Headers)
        {
            head.Append(name).Append(": ").AppendJoin(", ", values).Append("\r\n");
        }

        return [.. Encoding.ASCII.GetBytes(head.Append("Content-Length: ").Append(body.Length).Append("\r\n\r\n").ToString()), .. body];
    }

    /// <summary>The real engine; for the control it takes longer over a product that is out of sight.</summary>
    private sealed class DelayedIndex : ForwardingIndex
    {
        public TimeSpan Delay { get; set; }

        public override ValueTask<IReadOnlyList<Product>> GetAsync(AccessScope scope, string catalog, IReadOnlyList<string> ids, CancellationToken cancellationToken)
        {
            if (ids.Contains(TestCatalog.SecretId))
            {
                for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < Delay;)
                {
                    Thread.SpinWait(10);
                }
            }

            return base.GetAsync(scope, catalog, ids, cancellationToken);
        }
    }
}
