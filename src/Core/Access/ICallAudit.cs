namespace AiPlatform.Core.Access;

/// <summary>Where every request of a caller is written down, one record each.</summary>
public interface ICallAudit
{
    /// <summary>Takes a record, without waiting while there is room. Never throws: what cannot be stored is logged, record by record.</summary>
    ValueTask RecordAsync(CallRecord call);
}
