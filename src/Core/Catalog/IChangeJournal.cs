using AiPlatform.Core.Access;

namespace AiPlatform.Core.Catalog;

/// <summary>
/// Changes that arrived while their catalog was being built, until a generation holds them. It belongs to the engine: whoever may build a catalog sees its journal. The build that runs
/// applies what it finds before its swap and the rest behind it; each generation notes how far it got, so that nothing is lost or applied twice. Thread-safe, and safe between all
/// processes that share the engine.
/// </summary>
public interface IChangeJournal
{
    /// <summary>Adds changes behind all others; they last when this returns, all or none.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="changes">The changes, opaque; none adds nothing.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>False when the journal is full: nothing was added.</returns>
    ValueTask<bool> AppendAsync(AccessScope system, string catalog, IEnumerable<ReadOnlyMemory<byte>> changes, CancellationToken cancellationToken);

    /// <summary>The position of the last change; null when none is there.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<string?> LastAsync(AccessScope system, string catalog, CancellationToken cancellationToken);

    /// <summary>The changes behind a position, in order. A position of a journal that is gone stands for its start. Memory is bounded by some megabytes and the largest change.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="after">The position of the last change that is applied; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="InvalidDataException">What was added is not all there; what came before it was answered.</exception>
    IAsyncEnumerable<JournalledChange> ReadAsync(AccessScope system, string catalog, string? after, CancellationToken cancellationToken);

    /// <summary>Drops what is applied; may keep it where more has arrived since.</summary>
    /// <param name="system">A system scope.</param>
    /// <param name="catalog">The catalog.</param>
    /// <param name="through">The position of the last change that is applied.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask TrimAsync(AccessScope system, string catalog, string through, CancellationToken cancellationToken);
}
