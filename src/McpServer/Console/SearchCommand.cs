using System.CommandLine;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.McpServer.Hosting;
using Spectre.Console;

namespace AiPlatform.McpServer.Console;

/// <summary>
/// <c>search "QUESTION"</c>: what each demo caller gets for the same question, side by side, and why. Needs no running server.
/// Exit codes: 0 answered, 1 refused.
/// </summary>
internal static class SearchCommand
{
    private const int Top = 5;
    private const int MinWidth = 140;

    /// <param name="open">Opens the platform; disposed of when the command ends.</param>
    public static Command Create(Func<OpenPlatform> open)
    {
        var question = new Argument<string>("question") { Description = "What to look for, in plain words." };
        var catalog = new Option<string?>("--catalog") { Description = "The catalog to search. Default: the sample, or the only one there is.", HelpName = "NAME" };
        var command = new Command("search", "Shows what each demo key gets for a question, side by side, and why. Works without a running server.") { question, catalog };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var platform = open();
            var output = AnsiConsole.Create(new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(parsed.InvocationConfiguration.Output),
                Ansi = System.Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect,
            });
            output.Profile.Width = Math.Max(output.Profile.Width, MinWidth);
            try
            {
                var chosen = await platform.Services.GetRequiredService<SampleCatalog>().ChooseAsync(parsed.GetValue(catalog), cancellationToken);
                await RunAsync(platform.Services, output, parsed.GetRequiredValue(question), chosen, cancellationToken);
                return 0;
            }
            catch (CatalogRequestException refused)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"{refused.Code}: {refused.Message}");
                return 1;
            }
        });
        return command;
    }

    private static async Task RunAsync(IServiceProvider services, IAnsiConsole output, string question, string catalog, CancellationToken cancellationToken)
    {
        var index = services.GetRequiredService<ICatalogIndex>();
        var policy = services.GetRequiredService<IAccessPolicySource>().Current;
        var issuer = services.GetRequiredService<AccessScope.Issuer>();
        var views = new List<DemoView>();
        foreach (var caller in DemoCaller.All.Where(c => policy.Groups.ContainsKey(c.Group)))
        {
            views.Add(await DemoView.ReadAsync(index, caller, policy.Groups[caller.Group], issuer.Issue(caller.Facts), catalog, question, Top, cancellationToken));
        }

        if (views.Count == 0)
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "policy", "The policy has none of the demo's groups. Use samples/policy.yaml.");
        }

        if (views.All(v => v.Visible == 0))
        {
            throw new CatalogRequestException(CatalogErrors.UnknownCatalog, "catalog", $"No demo key sees a product in the catalog '{catalog}'.");
        }

        output.Write(SearchComparison.Table(views, question));
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        if (views.Find(v => AccessExplainer.MayExplain(v.Scope, now)) is { } administrator)
        {
            output.Write(SearchComparison.Differences(views, administrator.Scope, catalog, now));
        }
    }
}
