using System.Data.Common;
using System.Net.Sockets;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Storage;
using AiPlatform.Storage.Policy;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Console;

/// <summary>Tells what a person can put right (settings, files, addresses, a database that is down) from a bug, which keeps its stack trace.</summary>
internal static class ExpectedFailure
{
    /// <summary>What to print; null when the failure is a bug.</summary>
    public static string? Message(Exception failure) => failure switch
    {
        // Several faulty sections of the settings are reported together.
        AggregateException several when several.InnerExceptions.All(e => Message(e) is not null) => string.Join('\n', several.InnerExceptions.Select(Message)),
        // What the binder of the settings says; it has no type of its own for it.
        InvalidOperationException when UnreadableSetting.Message(failure) is { } wrong => $"The settings are wrong. {wrong}",
        OptionsValidationException settings => $"The settings are wrong. {string.Join(' ', settings.Failures)}",
        CatalogEngineException away => $"{away.Code}: {away.Message}",
        CatalogRequestException refused => $"{refused.Code}: {refused.Message}",
        PolicyFileException or StorageException or AccessRefusedException or CatalogBusyException => failure.Message,
        IOException or InvalidDataException or UnauthorizedAccessException or SocketException or DbException => failure.Message,
        _ => null,
    };
}
