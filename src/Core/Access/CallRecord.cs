using System.Collections.Immutable;

namespace AiPlatform.Core.Access;

/// <summary>One request of a caller as it is written down: who did what with which result. Never what was asked for or answered.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Subject">Who asked; empty when nobody was authenticated.</param>
/// <param name="Groups">The groups in effect.</param>
/// <param name="Method">The method, such as <c>tools/call</c>; empty for a refusal before any message was read.</param>
/// <param name="Name">The tool or prompt when there is such a one, or the catalog of a resource; empty otherwise.</param>
/// <param name="Outcome"><see cref="Ok"/>, <see cref="Cancelled"/>, or the stable code of the error or refusal.</param>
/// <param name="Milliseconds">How long it took.</param>
public sealed record CallRecord(DateTimeOffset At, string Subject, ImmutableArray<string> Groups, string Method, string Name, string Outcome, int Milliseconds)
{
    /// <summary>The outcome of a request that was answered.</summary>
    public const string Ok = "ok";

    /// <summary>The outcome of a request that ended before its answer: the client left or called it off.</summary>
    public const string Cancelled = "cancelled";
}
