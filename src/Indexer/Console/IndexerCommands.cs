using System.CommandLine;
using AiPlatform.Core.Catalog;
using AiPlatform.Indexer.Jobs;
using AiPlatform.Indexer.Mapping;
using AiPlatform.Indexer.Pipeline;
using AiPlatform.Indexer.Sources;
using AiPlatform.Search.Embeddings.Remote;
using AiPlatform.Storage;

namespace AiPlatform.Indexer.Console;

/// <summary>The indexer's commands, for its own executable and for any other that wants them. Exit codes: 0 done, 1 refused or failed, 2 wrong usage.</summary>
public static class IndexerCommands
{
    /// <summary>Done.</summary>
    public const int Done = 0;

    /// <summary>Refused or failed; the live generation is as it was.</summary>
    public const int Failed = 1;

    /// <summary>Wrong arguments or a wrong mapping file.</summary>
    public const int Usage = 2;

    /// <summary>Names the data folder when <c>--data</c> does not.</summary>
    public const string DataVariable = "AIPLATFORM_DATA";

    /// <summary>The commands reindex, rollback, generations and verify.</summary>
    /// <param name="open">Opens a session on a data folder.</param>
    /// <param name="time">The clock.</param>
    public static IReadOnlyList<Command> All(Func<string, IndexerSession> open, TimeProvider time) =>
        [ReindexCommand.Create(open, time), CatalogCommands.Rollback(open), CatalogCommands.Generations(open), CatalogCommands.Verify(open)];

    /// <summary>
    /// Runs a command line; wrong arguments answer <see cref="Usage"/>. The boundary of the process: a failure that a person can put right
    /// is one message on <paramref name="error"/> and <see cref="Failed"/>; anything else is a bug and stays an exception.
    /// </summary>
    public static async Task<int> RunAsync(Command root, IReadOnlyList<string> arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(root);
        ArgumentNullException.ThrowIfNull(error);
        var parsed = root.Parse(arguments);

        // Long enough for a build to be given up cleanly after Ctrl-C.
        var configuration = new InvocationConfiguration { Output = output, Error = error, EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(30) };
        if (parsed.Errors.Count == 0)
        {
            return await InvokeAsync(parsed, configuration, cancellationToken).ConfigureAwait(false);
        }

        foreach (var mistake in parsed.Errors)
        {
            await error.WriteLineAsync(mistake.Message).ConfigureAwait(false);
        }

        await error.WriteLineAsync("Try --help.").ConfigureAwait(false);
        return Usage;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed, InvocationConfiguration configuration, CancellationToken cancellationToken)
    {
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (ExpectedFailure.Message(failure) is { } message)
        {
            await configuration.Error.WriteLineAsync(message).ConfigureAwait(false);
            return Failed;
        }
    }

    internal static Option<string> CatalogOption() => new("--catalog")
    {
        Description = "Name of the catalog: 1 to 64 of a-z 0-9 - _, starting with a letter or digit.",
        Required = true,
        HelpName = "NAME",
    };

    internal static Option<string> DataOption() => new("--data")
    {
        Description = $"Data folder. Default: the variable {DataVariable}, or 'data' in the working folder.",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => Environment.GetEnvironmentVariable(DataVariable) is { Length: > 0 } named ? named : "data",
    };

    internal static Option<bool> JsonOption() => new("--json") { Description = "Print the result as one JSON object." };

    /// <summary>The process boundary of one command: expected failures become a message and an exit code, anything else is a bug and stays one.</summary>
    internal static async Task<int> GuardAsync(TextWriter error, Func<Task<int>> command)
    {
        var (code, message) = (Failed, "");
        try
        {
            return await command().ConfigureAwait(false);
        }
        catch (MappingException e)
        {
            (code, message) = (Usage, e.Message);
        }
        catch (OperationCanceledException)
        {
            message = "Cancelled. The catalog is as it was.";
        }
        catch (Exception e) when (e is ReindexException or SourceException or EmbeddingException or CatalogEngineException or CatalogBusyException or CatalogRequestException or ReindexRequestException or StorageException or IOException or UnauthorizedAccessException)
        {
            message = e.Message;
        }

        await error.WriteLineAsync(message).ConfigureAwait(false);
        return code;
    }
}
