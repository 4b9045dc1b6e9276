using Xunit;

namespace AiPlatform.Architecture.Tests.Sources;

public sealed class SourceRulesTests
{
    private static readonly SourceFile[] Sources = [.. Repository.CSharp("src")];

    [Fact]
    public void Sources_AreFound() => Assert.True(Sources.Length > 50);

    [Fact]
    public void EveryFile_Holds_OnePublicTypeOfItsName() => Assert.Empty(Sources.SelectMany(SourceRules.TypePerFile));

    [Fact]
    public void EveryFile_Fits_TheBound() => Assert.Empty(Sources.SelectMany(SourceRules.Size));

    [Fact]
    public void Sources_Hold_NoUnfinishedWork() => Assert.Empty(Sources.SelectMany(SourceRules.UnfinishedWork));

    [Fact]
    public void SilencedWarnings_Say_Why() => Assert.Empty(Sources.SelectMany(SourceRules.SilencedWithoutReason));

    [Fact]
    public void Tree_Names_NoMachinesPath() => Assert.Empty(Repository.Texts().SelectMany(SourceRules.ForeignPaths));

    [Fact]
    public void EveryMethod_Fits_TheBound() => Assert.Empty(BuiltAssemblies.Definitions.SelectMany(a => MethodSize.Violations(a)));

    [Theory]
    [InlineData("Core")]
    [InlineData("Search")]
    [InlineData("Storage")]
    [InlineData("Router")]
    [InlineData("Indexer")]
    [InlineData("McpServer")]
    public void EveryProject_HasAReadme_ThatAnswersAQuestion(string project)
    {
        var lines = File.ReadAllLines(Repository.At("src", project, "README.md"));
        Assert.StartsWith("# ", lines[0], StringComparison.Ordinal);
        Assert.EndsWith("?", lines[0], StringComparison.Ordinal);
        Assert.True(lines.Count(l => l.Length > 0) > 3);
    }

    [Theory]
    [InlineData("public sealed class A;\npublic enum B { X }")]
    [InlineData("public static partial class A\n{\n}\n\npublic readonly record struct C(int X);")]
    [InlineData("public interface IA;\npublic delegate void D(int x);")]
    public void Guard_TwoPublicTypes_AreFound(string text) => Assert.NotEmpty(SourceRules.TypePerFile(new SourceFile("src/A.cs", text)));

    [Fact]
    public void Guard_FileNamedOtherwise_IsFound() => Assert.Single(SourceRules.TypePerFile(new SourceFile("src/B.cs", "public sealed record A(int X);")));

    [Fact]
    public void Guard_PartOfAType_IsNotFound() => Assert.Empty(SourceRules.TypePerFile(new SourceFile("src/A.Part.cs", "public sealed partial class A\n{\n    public sealed class Nested;\n}")));

    [Fact]
    public void Guard_LongFile_IsFound() => Assert.Single(SourceRules.Size(new SourceFile("src/A.cs", new string('\n', SourceRules.FileLines))));

    [Theory]
    [InlineData("// TO", "DO later")]
    [InlineData("throw new NotImplemented", "Exception();")]
    public void Guard_UnfinishedWork_IsFound(string head, string tail) => Assert.Single(SourceRules.UnfinishedWork(new SourceFile("src/A.cs", head + tail)));

    [Theory]
    [InlineData("#pragma warning disable CA1000", 1)]
    [InlineData("#pragma warning disable CA1000 // generic by contract", 0)]
    [InlineData("[SuppressMessage(\"x\", \"y\")]", 1)]
    [InlineData("[SuppressMessage(\"x\", \"y\", Justification = \"generic by contract\")]", 0)]
    public void Guard_SilencedWarning_IsFoundWithoutReason(string line, int found) => Assert.Equal(found, SourceRules.SilencedWithoutReason(new SourceFile("src/A.cs", line)).Count());

    [Theory]
    [InlineData("src/A.cs", "\"/wo", "rk/x\"", 1)]
    [InlineData("README.md", "cd /t", "mp/x", 1)]
    [InlineData("tests/A.cs", "cd /t", "mp/x", 0)]
    [InlineData("src/A.cs", "https://example.com/wo", "rk/", 0)]
    public void Guard_MachinesPath_IsFound(string path, string head, string tail, int found) =>
        Assert.Equal(found, SourceRules.ForeignPaths(new SourceFile(path, head + tail)).Count());

    [Fact]
    public void Guard_LongMethod_IsFound() =>
        Assert.Contains(MethodSize.Violations(BuiltAssemblies.Self, bound: 5), v => v.Contains(nameof(LongEnough), StringComparison.Ordinal));

    /// <summary>Some lines, for the guard to measure.</summary>
    private static int LongEnough(int x)
    {
        var y = x + 1;
        y *= 2;
        y -= 3;
        y *= 4;
        y ^= 5;
        y += 6;
        return y;
    }

    [Fact]
    public void LongEnough_Fixture_IsRealCode() => Assert.Equal(31, LongEnough(4));
}
