using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Gates;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.Storage.Jobs;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace AiPlatform.Indexer.Console;

/// <summary>What a command works with: opened for one command, disposed behind it.</summary>
/// <param name="Store">Where catalogs are written.</param>
/// <param name="Embedders">Makes vectors; null for catalogs without.</param>
/// <param name="System">A system scope.</param>
/// <param name="DataDirectory">The data folder, absolute.</param>
/// <param name="Loggers">Makes loggers.</param>
/// <param name="Owned">Closed with the session; null for nothing.</param>
public sealed record IndexerSession(
    ICatalogStore Store, IEmbedderProvider? Embedders, AccessScope System, string DataDirectory, ILoggerFactory Loggers, IDisposable? Owned) : IDisposable
{
    /// <summary>Where what is done is booked; null for nowhere.</summary>
    public IReindexJobStore? Jobs { get; init; }

    /// <summary>Where changes wait that arrive during a build; null for a file in the data folder.</summary>
    public IChangeJournal? Journal { get; init; }

    /// <summary>Opens sources; null for files and folders of this machine only.</summary>
    public ISourceOpener? Sources { get; init; }

    /// <summary>Opens what stands before a swap, which reads the policy file: for a command that swaps only. Null for gates without policy, live generation and overrides.</summary>
    public Func<ReindexGates>? Gates { get; init; }

    /// <summary>Settings of this process; thresholds of the gates are in its section <c>Catalogs:NAME:Gates</c>. Null for none.</summary>
    public IConfiguration? Configuration { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Owned?.Dispose();
}
