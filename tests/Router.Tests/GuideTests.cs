using System.Collections;
using System.Globalization;
using System.Reflection;
using AiPlatform.Router.Calls;
using AiPlatform.Router.Targets;
using Xunit;

namespace AiPlatform.Router.Tests;

/// <summary>The guide names every setting with its default, and every code.</summary>
public sealed class GuideTests
{
    private static readonly string[] Rows = [.. File.ReadAllText(Path.Combine(Root(), "docs", "routing.md")).Split('\n').Where(l => l.StartsWith('|'))];

    public static TheoryData<string, string> Settings()
    {
        var data = new TheoryData<string, string>();
        Add(new RouterOptions(), "Router:");
        Add(new ModelOptions(), "");
        return data;

        void Add(object options, string prefix)
        {
            foreach (var setting in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
            {
                data.Add(prefix + setting.Name, setting.Name is "Name" or "Provider" or "UpstreamModel" or "Abilities" or "ProcessingRegions" or "Price" ? "" : Default(setting.GetValue(options)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Settings))]
    public void Setting_HasARowWithItsDefault(string name, string value)
    {
        var row = Assert.Single(Rows, r => r.Split('|')[1].Contains($"`{name}`", StringComparison.Ordinal));
        Assert.Contains(value, row.Split('|')[2], StringComparison.Ordinal);
    }

    [Fact]
    public void Codes_AreAllExplained() =>
        Assert.All(Enum.GetValues<RouterFault>(), fault => Assert.Single(Rows, r => r.Split('|').ElementAtOrDefault(2)?.Trim() == $"`{RouterFaults.CodeOf(fault)}`"));

    private static string Default(object? value) => value switch
    {
        "" => "empty",
        IList => "none",
        Enum one => one.ToString().ToLowerInvariant(),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "AiPlatform.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }
}
