using System.Collections.Immutable;
using AiPlatform.Core.Access;

namespace AiPlatform.McpServer.Hosting;

/// <summary>A caller of the demo: one for each group of the sample policy.</summary>
/// <param name="Group">Id of its group.</param>
/// <param name="Region">Its attribute <c>region</c>.</param>
internal sealed record DemoCaller(string Group, string Region)
{
    private const string NamePrefix = "demo ";

    /// <summary>Three groups that see different things, and the administrators.</summary>
    public static ImmutableArray<DemoCaller> All { get; } =
    [
        new("eu-retail", "EU"),
        new("us-wholesale", "US"),
        new("partners", "EU"),
        new(AdministratorGroup, "EU"),
    ];

    public const string AdministratorGroup = "administrators";

    /// <summary>Name of its key.</summary>
    public string KeyName => NamePrefix + Group;

    public ImmutableSortedDictionary<string, string> Attributes =>
        ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal).Add(CallerFacts.RegionAttribute, Region);

    /// <summary>The facts its key would establish.</summary>
    public CallerFacts Facts => new(KeyName, [Group], Attributes, DateTimeOffset.MaxValue);
}
