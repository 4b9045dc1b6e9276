namespace AiPlatform.Indexer.Mapping;

/// <summary>Where a row says how new it is: a whole number from 1 or a date. A row of a lower version never replaces one of a higher.</summary>
/// <param name="Path">The place in the row.</param>
/// <param name="IsDate">Whether it is a date (compared to the microsecond) and not a number.</param>
/// <param name="DateFormat">The format of a date, as of a field; null for ISO 8601.</param>
public sealed record VersionRule(RowPath Path, bool IsDate, string? DateFormat);
