using AiPlatform.Storage.Keys;
using AiPlatform.Storage.Sql;
using Microsoft.Extensions.Hosting;

namespace AiPlatform.Storage;

/// <summary>Migrates the database and loads the key secret when the host starts, so that a fault is told before the first request.</summary>
internal sealed class StorageStart(SqlDatabase database, KeyPepper pepper) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        database.EnsureMigrated();
        pepper.Load();
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
