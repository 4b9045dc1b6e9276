using Xunit.Abstractions;

namespace AiPlatform.Clients.Tests.Conformance;

public sealed class HandshakeConformanceTests(HandshakeRun run, ITestOutputHelper output) : IClassFixture<HandshakeRun>
{
    private static readonly string[] Expected =
    [
        "server-initialize", "logging-set-level", "ping", "completion-complete", "tools-list", "tools-call-simple-text", "tools-call-image",
        "tools-call-audio", "tools-call-embedded-resource", "tools-call-mixed-content", "tools-call-with-logging", "tools-call-error",
        "tools-call-with-progress", "tools-call-sampling", "tools-call-elicitation", "json-schema-2020-12", "elicitation-sep1034-defaults",
        "server-sse-polling", "server-sse-multiple-streams", "elicitation-sep1330-enums", "resources-list", "resources-read-text",
        "resources-read-binary", "resources-templates-read", "resources-subscribe", "resources-unsubscribe", "prompts-list", "prompts-get-simple",
        "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image", "dns-rebinding-protection",
    ];

    public static TheoryData<string> Scenarios => [.. Expected];

    [SkippableTheory]
    [MemberData(nameof(Scenarios))]
    public void Scenario_OfTheReleasedSuite_Passes(string scenario)
    {
        if (run.Repeated(scenario) is { } repeated)
        {
            output.WriteLine(repeated);
        }

        run.AssertPassed(scenario);
    }

    [SkippableFact]
    public void Suite_AsPinned_HasACaseForEveryScenario() =>
        Assert.Equal(Expected.Order(StringComparer.Ordinal), run.Scenarios().Order(StringComparer.Ordinal));
}
