namespace AiPlatform.Indexer.Worker;

/// <summary>The one place of a worker on a data folder. A scheduler on SQLite belongs to one process; another process on the folder stands by until the place is free.</summary>
internal static class WorkerPlace
{
    /// <summary>The file that whoever has the place holds open.</summary>
    public const string FileName = "worker.lock";

    /// <summary>Takes the place and keeps it until disposed; null when another process has it. A process that dies gives it up.</summary>
    public static IDisposable? TryTake(string folder)
    {
        try
        {
            return new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            return null;
        }
    }
}
