using System.Collections.Immutable;
using AiPlatform.Core.Access;
using AiPlatform.McpServer.Mcp.Tools;
using AiPlatform.McpServer.Tests.Fixtures;
using Microsoft.Extensions.DependencyInjection;

namespace AiPlatform.McpServer.Tests.Auth;

public sealed class RightTests(TestServer server) : IClassFixture<TestServer>
{
    /// <summary>A tool that needs a right outside the table would be one that no token can ask for.</summary>
    [Fact]
    public void Tools_NeedNothingButRightsOfTheTable()
    {
        var issuer = server.Services.GetRequiredService<AccessScope.Issuer>();
        var facts = new CallerFacts("root", ["administrators"], ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal), DateTimeOffset.MaxValue);
        var tools = server.Services.GetRequiredService<ToolRunner>();
        var everything = issuer.Issue(facts);
        var table = issuer.Issue(facts with { Ceiling = PermissionCeiling.Of(Right.All.Where(r => r.IsServed).Select(r => r.Name)) });

        Assert.Contains(tools.ListFor(everything), t => t.Name == "rollback_index");
        Assert.Equal(tools.ListFor(everything).Select(t => t.Name), tools.ListFor(table).Select(t => t.Name));
    }
}
