namespace AiPlatform.Storage.Jobs;

/// <summary>How an order was answered.</summary>
public enum ReindexOrderOutcome
{
    /// <summary>With a new job.</summary>
    Started = 0,

    /// <summary>With a job of the catalog of equal options that has not ended.</summary>
    Joined,

    /// <summary>With the job that an earlier order of the same key was answered with.</summary>
    Repeated,

    /// <summary>Not: an earlier order of the same key had other options.</summary>
    KeyConflict,

    /// <summary>Not: too many jobs wait.</summary>
    TooMany,
}
