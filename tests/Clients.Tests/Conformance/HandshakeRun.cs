namespace AiPlatform.Clients.Tests.Conformance;

/// <summary>The released suite: the revisions with a handshake.</summary>
public sealed class HandshakeRun() : SuiteRun("@modelcontextprotocol/conformance", ["--suite", "all"]);
