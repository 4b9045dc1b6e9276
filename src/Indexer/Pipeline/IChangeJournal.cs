namespace AiPlatform.Indexer.Pipeline;

/// <summary>
/// Changes that arrived while their catalog was being built, until a generation holds them. The build that runs applies what it finds before its swap and the rest behind
/// it; each generation notes how far it got, so that nothing is lost or applied twice. Thread-safe, and safe between processes that share it.
/// </summary>
public interface IChangeJournal
{
    /// <summary>Adds changes behind all others; they last when this returns, all or none.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="changes">The changes, opaque.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <exception cref="ReindexException">The journal is full (<c>journal_full</c>).</exception>
    ValueTask AppendAsync(string catalog, IEnumerable<ReadOnlyMemory<byte>> changes, CancellationToken cancellationToken);

    /// <summary>The changes behind a position, in order. A position of a journal that is gone stands for its start.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="after">The position of the last change that is applied; null for none.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask<IReadOnlyList<JournalledChange>> ReadAsync(string catalog, string? after, CancellationToken cancellationToken);

    /// <summary>Drops what is applied; may keep it where more has arrived since.</summary>
    /// <param name="catalog">The catalog.</param>
    /// <param name="through">The position of the last change that is applied.</param>
    /// <param name="cancellationToken">Cancels.</param>
    ValueTask TrimAsync(string catalog, string through, CancellationToken cancellationToken);
}
