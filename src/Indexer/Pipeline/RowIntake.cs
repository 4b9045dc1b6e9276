using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Rows in, valid products to the spool, everything else to the dead letters.</summary>
internal sealed class RowIntake(ISourceReader source, ProductMapper mapper, ProductSpool spool, DeadLetterFile deadLetters)
{
    private const int ReportEvery = 256;

    private readonly List<RowProblem> _problems = [];

    public long Read { get; private set; }

    public long Rejected { get; private set; }

    public long Duplicates { get; private set; }

    /// <summary>Rows of a lower version than another row of their id.</summary>
    public long Stale { get; private set; }

    public RejectionTally Tally { get; } = new();

    public async Task RunAsync(IProgress<ReindexProgress>? progress, CancellationToken cancellationToken)
    {
        await foreach (var row in source.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            Take(row);
            if (Read % ReportEvery == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(Progress());
            }
        }

        progress?.Report(Progress());
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

    private ReindexProgress Progress() => new(ReindexStage.Reading, source.Position, source.Length, Read, Rejected);

    private void Take(SourceRow row)
    {
        Read++;
        _problems.Clear();
        if (row.Fault is { } fault)
        {
            _problems.Add(new RowProblem("row", fault.Code, fault.Reason));
            Reject(row);
            return;
        }

        var version = mapper.VersionOf(row.Value!, _problems);
        if (mapper.IsDeletion(row.Value!))
        {
            TakeDeletion(row, version);
        }
        else if (Valid(row) is { } product)
        {
            Answer(row, product.Id, spool.Add(product, row.Line, version));
        }
        else
        {
            Reject(row);
        }
    }

    private Product? Valid(SourceRow row)
    {
        var product = mapper.Map(row.Value!, _problems);
        if (product is not null)
        {
            ProductValidator.Validate(product, _problems);
        }

        return _problems.Count == 0 ? product : null;
    }

    private void TakeDeletion(SourceRow row, long version)
    {
        var id = mapper.DeletedIdOf(row.Value!, _problems);
        ProductValidator.ValidateId(id, _problems);
        if (_problems.Count > 0)
        {
            Reject(row);
            return;
        }

        Answer(row, id, spool.AddDeletion(id, row.Line, version));
    }

    private void Reject(SourceRow row)
    {
        Rejected++;
        Tell(row, row.Value is null ? "" : mapper.IdOf(row.Value), "rejected");
    }

    private void Answer(SourceRow row, string id, SpoolAnswer answer)
    {
        if (answer.EarlierLine is not { } earlier)
        {
            return;
        }

        if (answer.IsStale)
        {
            Stale++;
            _problems.Add(new RowProblem("version", "stale_version", $"The same id stands in line {earlier} with a higher version; the row of line {row.Line} is left out."));
        }
        else
        {
            Duplicates++;
            _problems.Add(new RowProblem("id", "duplicate_id", $"The same id stands in line {earlier}; the row of line {row.Line} is taken."));
        }

        Tell(row, id, "warning");
    }

    private void Tell(SourceRow row, string productId, string severity)
    {
        deadLetters.Add(row.Line, productId, severity, _problems, row.Raw(), row.File);
        foreach (var problem in _problems)
        {
            Tally.Add(row.Line, problem);
        }
    }
}
