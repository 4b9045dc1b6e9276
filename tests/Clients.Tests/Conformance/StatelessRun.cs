namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>The suite's next version: what revision 2026-07-28 requires, frozen at its release.</summary>
public sealed class StatelessRun() : SuiteRun("conformance-next", ["--requirements", "2026-07-28"], "--spec-version", "2026-07-28");
