using System.Buffers;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Sources;
using AiPlatform.Indexer.Validation;

namespace AiPlatform.Indexer.Pipeline;

/// <summary>Does with a row all that needs no other row: maps, validates, encodes and digests it. Thread-safe.</summary>
internal sealed class RowPreparer(ProductMapper mapper)
{
    /// <summary>Prepares one row. O(bytes of the row).</summary>
    /// <param name="row">The row; its raw bytes are not looked at.</param>
    /// <param name="raw">Where they are in the batch.</param>
    /// <param name="bytes">Takes the bytes of a change.</param>
    public PreparedRow Prepare(in SourceRow row, Range raw, ArrayBufferWriter<byte> bytes)
    {
        var problems = new List<RowProblem>();
        if (row.Fault is { } fault)
        {
            return Refused(row, raw, "", [new RowProblem("row", fault.Code, fault.Reason)]);
        }

        var version = mapper.VersionOf(row.Value!, problems);
        var start = bytes.WrittenCount;
        var isDeletion = mapper.IsDeletion(row.Value!);
        var id = isDeletion ? Deletion(row.Value!, version, problems, bytes) : Product(row.Value!, version, problems, bytes);
        return problems.Count > 0
            ? Refused(row, raw, mapper.IdOf(row.Value!), problems)
            : new PreparedRow(row.Line, row.File, raw, id, SpoolKey.Of(id), version, isDeletion, null, start..bytes.WrittenCount);
    }

    private static PreparedRow Refused(in SourceRow row, Range raw, string id, List<RowProblem> problems) => new(row.Line, row.File, raw, id, default, 0, false, problems, default);

    private string Deletion(RowNode row, long version, List<RowProblem> problems, ArrayBufferWriter<byte> bytes)
    {
        var id = mapper.DeletedIdOf(row, problems);
        ProductValidator.ValidateId(id, problems);
        if (problems.Count == 0)
        {
            SpoolRecord.WriteDeletion(id, version, bytes);
        }

        return id;
    }

    private string Product(RowNode row, long version, List<RowProblem> problems, ArrayBufferWriter<byte> bytes)
    {
        if (mapper.Map(row, problems) is not { } product)
        {
            return "";
        }

        ProductValidator.Validate(product, problems);
        if (problems.Count == 0)
        {
            SpoolRecord.Write(product, version, bytes);
        }

        return product.Id;
    }
}
