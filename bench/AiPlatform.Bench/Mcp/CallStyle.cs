namespace AiPlatform.Bench.Mcp;

/// <summary>How a call of a tool goes over the wire.</summary>
internal enum CallStyle
{
    /// <summary>Revision 2026-07-28: every request stands alone.</summary>
    Stateless = 0,

    /// <summary>Revision 2025-11-25 inside a session.</summary>
    Session,

    /// <summary>Revision 2025-11-25 to a server that keeps no sessions.</summary>
    Sessionless,
}
