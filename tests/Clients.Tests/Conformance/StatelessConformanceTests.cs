using Xunit.Abstractions;

namespace AiPlatform.Clients.Tests.Conformance;

public sealed class StatelessConformanceTests(StatelessRun run, ITestOutputHelper output) : IClassFixture<StatelessRun>
{
    /// <summary>Of no check of its own yet: the suite's next version listens where these notices go.</summary>
    private const string Unwritten = "tasks-status-notifications";

    private static readonly string[] Expected =
    [
        "server-stateless", "completion-complete", "tools-list", "tools-call-simple-text", "tools-call-image", "tools-call-audio",
        "tools-call-embedded-resource", "tools-call-mixed-content", "tools-call-error", "tools-call-with-progress", "server-sse-multiple-streams",
        "resources-list", "resources-read-text", "resources-read-binary", "resources-templates-read", "sep-2164-resource-not-found", "prompts-list",
        "prompts-get-simple", "prompts-get-with-args", "prompts-get-embedded-resource", "prompts-get-with-image", "dns-rebinding-protection",
        "caching", "input-required-result-basic-elicitation", "input-required-result-basic-sampling", "input-required-result-basic-list-roots",
        "input-required-result-request-state", "input-required-result-multiple-input-requests", "input-required-result-multi-round",
        "input-required-result-missing-input-response", "input-required-result-non-tool-request", "input-required-result-result-type",
        "input-required-result-unsupported-methods", "input-required-result-tampered-state", "input-required-result-capability-check",
        "input-required-result-ignore-extra-params", "input-required-result-validate-input", "json-schema-2020-12", "http-header-validation",
        "http-custom-header-server-validation",
        "tasks-lifecycle", "tasks-capability-negotiation", "tasks-wire-fields", "tasks-request-state-removal", "tasks-mrtr-input", "tasks-request-headers",
        "tasks-dispatch-and-envelope", "tasks-required-task-error", "tasks-mrtr-composition",
    ];

    public static TheoryData<string> Scenarios => [.. Expected];

    [SkippableTheory]
    [MemberData(nameof(Scenarios))]
    public void Scenario_RequiredByTheRevision_Passes(string scenario)
    {
        if (run.Repeated(scenario) is { } repeated)
        {
            output.WriteLine(repeated);
        }

        // The error of a missing resource should repeat its URI; ours is the same bytes for whatever is not there.
        run.AssertPassed(scenario, "sep-2164-data-uri");
    }

    [SkippableFact]
    public void Suite_AsPinned_HasACaseForEveryScenario() => Assert.Equal(
        Expected.Order(StringComparer.Ordinal),
        run.Scenarios().Where(s => s != Unwritten).Order(StringComparer.Ordinal));
}
