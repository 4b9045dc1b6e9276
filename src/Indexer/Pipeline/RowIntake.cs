using System.Collections.Concurrent;
using System.Threading.Channels;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Rows in, valid products to the spool, everything else to the dead letters.</summary>
internal sealed class RowIntake(ISourceReader source, ProductMapper mapper, ProductSpool spool, DeadLetterFile deadLetters)
{
    private static readonly int BatchesAhead = Math.Clamp(Environment.ProcessorCount, 2, 8);

    private readonly RowPreparer _preparer = new(mapper);
    private readonly ConcurrentQueue<RowBatch> _free = new();

    public long Read { get; private set; }

    public long Rejected { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Rows of a lower version than another row of their id.</summary>
    public long Stale { get; private set; }

    public RejectionTally Tally { get; } = new();

    /// <summary>
    /// Reads the source to its end. One thread reads and parses, others map and validate batches of rows, and this one takes the batches in source order, so that
    /// spool, dead letters and counts do not depend on how many there are. At most <see cref="BatchesAhead"/> batches wait.
    /// </summary>
    public async Task RunAsync(IProgress<ReindexProgress>? progress, CancellationToken cancellationToken)
    {
        var ahead = Channel.CreateBounded<Task<RowBatch>>(new BoundedChannelOptions(BatchesAhead) { SingleReader = true, SingleWriter = true });
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var reading = Task.Run(() => ReadAsync(ahead.Writer, stop.Token), CancellationToken.None);
        try
        {
            await foreach (var preparing in ahead.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                var batch = await preparing.ConfigureAwait(false);
                foreach (var row in batch.Rows)
                {
                    Take(row, batch);
                }

                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(Progress(batch.Position));
                batch.Clear();
                _free.Enqueue(batch);
            }
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await reading.ConfigureAwait(false);
        }

        progress?.Report(Progress(source.Position));
        spool.Complete();
    }

    /// <summary>Books a product that passed here and that the engine could not index.</summary>
    public void Refuse(RefusedProduct product)
    {
        Rejected++;
        var problem = new RowProblem("product", product.Code, product.Reason);
        deadLetters.Add(0, product.Id, "rejected", [problem], "", "");
        Tally.Add(0, problem);
    }

    /// <summary>Hands the rows on in batches; a failure goes to the taker, behind the rows before it.</summary>
    private async Task ReadAsync(ChannelWriter<Task<RowBatch>> ahead, CancellationToken cancellationToken)
    {
        var (batch, failure) = (new RowBatch(), default(Exception));
        try
        {
            await foreach (var row in source.ReadAsync(cancellationToken).ConfigureAwait(false))
            {
                batch.Add(row, source.Position);
                if (batch.IsFull)
                {
                    var full = batch;
                    batch = _free.TryDequeue(out var used) ? used : new RowBatch();
                    await ahead.WriteAsync(Task.Run(() => full.Prepare(_preparer), CancellationToken.None), cancellationToken).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e)
        {
            // Whatever it is, the taker throws it.
            failure = e;
        }

        try
        {
            if (!batch.IsEmpty)
            {
                await ahead.WriteAsync(Task.Run(() => batch.Prepare(_preparer), CancellationToken.None), cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException e)
        {
            failure ??= e;
        }

        ahead.Complete(failure);
    }

    private ReindexProgress Progress(long position) => new(ReindexStage.Reading, position, source.Length, Read, Rejected);

    private void Take(in PreparedRow row, RowBatch batch)
    {
        Read++;
        if (row.Problems is { } problems)
        {
            Rejected++;
            Tell(row, batch, problems, "rejected");
        }
        else
        {
            Answer(row, batch, spool.Add(row.Key, row.Line, row.Version, row.IsDeletion, batch.BytesOf(row)));
        }
    }

    private void Answer(in PreparedRow row, RowBatch batch, SpoolAnswer answer)
    {
        if (answer.EarlierLine is not { } earlier)
        {
            return;
        }

        if (answer.IsStale)
        {
            Stale++;
            Tell(row, batch, [new RowProblem("version", "stale_version", $"The same id stands in line {earlier} with a higher version; the row of line {row.Line} is left out.")], "warning");
        }
        else
        {
            Duplicates++;
            Tell(row, batch, [new RowProblem("id", "duplicate_id", $"The same id stands in line {earlier}; the row of line {row.Line} is taken.")], "warning");
        }
    }

    private void Tell(in PreparedRow row, RowBatch batch, IReadOnlyList<RowProblem> problems, string severity)
    {
        deadLetters.Add(row.Line, row.Id, severity, problems, batch.RawOf(row), row.File);
        foreach (var problem in problems)
        {
            Tally.Add(row.Line, problem);
        }
    }
}
