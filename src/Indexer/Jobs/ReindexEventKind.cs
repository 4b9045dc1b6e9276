namespace AiPlatform.Indexer.Jobs;

/// <summary>What happened.</summary>
public enum ReindexEventKind
{
    /// <summary>A job began to run.</summary>
    Started = 0,

    /// <summary>A generation became live, by a job or by a rollback.</summary>
    GenerationSwapped,

    /// <summary>A job ended, whatever came of it.</summary>
    Finished,
}
