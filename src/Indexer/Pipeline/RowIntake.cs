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

    private ReindexProgress Progress() => new(ReindexStage.Reading, source.Position, source.Length, Read, Rejected);

    private void Take(SourceRow row)
    {
        Read++;
        _problems.Clear();
        Product? product = null;
        if (row.Fault is { } fault)
        {
            _problems.Add(new RowProblem("row", fault.Code, fault.Reason));
        }
        else if ((product = mapper.Map(row.Value!, _problems)) is not null)
        {
            ProductValidator.Validate(product, _problems);
        }

        if (_problems.Count > 0)
        {
            Rejected++;
            var id = row.Value is null ? "" : mapper.IdOf(row.Value);
            Tell(row, id, "rejected");
        }
        else if (spool.Add(product!, row.Line) is { } replaced)
        {
            Duplicates++;
            _problems.Add(new RowProblem("id", "duplicate_id", $"The same id stands in line {replaced}; the row of line {row.Line} is taken."));
            Tell(row, product!.Id, "warning");
        }
    }

    private void Tell(SourceRow row, string productId, string severity)
    {
        deadLetters.Add(row.Line, productId, severity, _problems, row.Raw());
        foreach (var problem in _problems)
        {
            Tally.Add(row.Line, problem);
        }
    }
}
