namespace AiPlatform.Storage;

/// <summary>Asks whether the database answers. Thread-safe.</summary>
public interface IStorageProbe
{
    /// <summary>Reads one row at most.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="Exception">The database cannot be reached or does not hold the platform's tables.</exception>
    Task ProbeAsync(CancellationToken cancellationToken);
}
