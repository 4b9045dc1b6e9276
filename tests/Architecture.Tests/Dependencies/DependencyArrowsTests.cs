using Xunit;

namespace AiPlatform.Architecture.Tests.Dependencies;

public sealed class DependencyArrowsTests
{
    private const string Prefix = "AiPlatform.";

    [Fact]
    public void ProjectFiles_ReferenceOnly_WhatTheDesignAllows()
    {
        var references = Repository.ProjectReferences("src");
        Assert.Equal(DependencyArrows.Projects.Order(), references.Keys.Order());
        Assert.Empty(references.SelectMany(r => DependencyArrows.Violations(r.Key, r.Value)));
    }

    [Fact]
    public void BuiltAssemblies_ReferenceOnly_WhatTheDesignAllows() =>
        Assert.Empty(BuiltAssemblies.Definitions.SelectMany(a => DependencyArrows.Violations(
            a.Name.Name[Prefix.Length..],
            a.MainModule.AssemblyReferences.Select(r => r.Name).Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Select(n => n[Prefix.Length..]))));

    [Fact]
    public void Guard_ArrowUp_IsFound() =>
        Assert.Equal(["Core must not reference Search"], DependencyArrows.Violations("Core", ["Search"]));

    [Fact]
    public void Guard_ArrowBetweenPeers_IsFound() =>
        Assert.Equal(["Storage must not reference Search"], DependencyArrows.Violations("Storage", ["Core", "Search"]));

    [Fact]
    public void Guard_UnknownProject_IsFound() => Assert.Single(DependencyArrows.Violations("Helpers", []));

    [Fact]
    public void Solution_Holds_EveryProject()
    {
        var solution = File.ReadAllText(Repository.At("AiPlatform.sln")).Replace('\\', '/');
        Assert.All(Repository.Projects().Select(Repository.Relative), p => Assert.Contains($"\"{p}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void TestsAndBenchmarks_AreReferencedByNoProductProject() =>
        Assert.DoesNotContain(
            BuiltAssemblies.Definitions.SelectMany(a => a.MainModule.AssemblyReferences),
            r => r.Name.Contains(".Tests", StringComparison.Ordinal) || r.Name.Contains(".Bench", StringComparison.Ordinal) || r.Name.StartsWith("xunit", StringComparison.OrdinalIgnoreCase));
}
