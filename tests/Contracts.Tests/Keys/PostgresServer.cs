using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Npgsql;
using Xunit;

namespace AiPlatform.Contracts.Tests.Keys;

/// <summary>
/// A PostgreSQL of its own for the run: Debian's <c>postgresql</c>, in a temporary folder, on a free port, as the user <c>postgres</c> when the
/// tests run as root (the server refuses root). Absent: <see cref="Missing"/> says so and the tests skip.
/// </summary>
public sealed class PostgresServer : IAsyncLifetime
{
    public const string Collection = "postgres";
    private const int Attempts = 3;

    private string _folder = "";
    private string _data = "";
    private string? _bin;
    private int _port;
    private int _databases;

    /// <summary>Why there is no server; null when there is one.</summary>
    public string? Missing { get; private set; }

    public async Task InitializeAsync()
    {
        _bin = Binaries();
        if (_bin is null)
        {
            Missing = "PostgreSQL is not installed (Debian: postgresql); its tests did not run";
            return;
        }

        _folder = Directory.CreateTempSubdirectory("aip-pg-").FullName;
        _data = Path.Combine(_folder, "data");
        if (Environment.UserName == "root")
        {
            await RunAsync("chown", ["postgres:postgres", _folder], asPostgres: false);
        }

        await RunAsync(Path.Combine(_bin, "initdb"), ["-D", _data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]);
        for (var attempt = 1; ; attempt++)
        {
            // Another process may take the port between the probe and the start.
            _port = FreePort();
            var settings = $"-c listen_addresses=127.0.0.1 -c port={_port} -c unix_socket_directories='{_folder}' -c fsync=off -c max_connections=200";
            try
            {
                await RunAsync(Path.Combine(_bin, "pg_ctl"), ["-D", _data, "-w", "-t", "60", "-l", Path.Combine(_folder, "log"), "-o", settings, "start"]);
                return;
            }
            catch (InvalidOperationException) when (attempt < Attempts)
            {
            }
        }
    }

    public async Task DisposeAsync()
    {
        if (_bin is null)
        {
            return;
        }

        NpgsqlConnection.ClearAllPools();
        await RunAsync(Path.Combine(_bin, "pg_ctl"), ["-D", _data, "-w", "-m", "immediate", "stop"]);
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>An empty database; answers its connection string.</summary>
    public async Task<string> NewDatabaseAsync()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres"));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"CREATE DATABASE {name}", connection);
        await command.ExecuteNonQueryAsync();
        return ConnectionTo(name);
    }

    private string ConnectionTo(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database};Maximum Pool Size=20";

    private static string? Binaries()
    {
        var debian = Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").OrderByDescending(d => int.TryParse(Path.GetFileName(d), out var v) ? v : 0).Select(d => Path.Combine(d, "bin"))
            : [];
        var path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
        return debian.Concat(path).FirstOrDefault(d => File.Exists(Path.Combine(d, "initdb")) && File.Exists(Path.Combine(d, "pg_ctl")));
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private async Task RunAsync(string program, string[] arguments, bool asPostgres = true)
    {
        var drop = asPostgres && Environment.UserName == "root";
        var start = new ProcessStartInfo(drop ? "setpriv" : program)
        {
            WorkingDirectory = _folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        string[] prefix = drop ? ["--reuid=postgres", "--regid=postgres", "--init-groups", program] : [];
        foreach (var argument in prefix.Concat(arguments))
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} ended with {process.ExitCode}: {await output} {await error}");
        }
    }

    [CollectionDefinition(Collection)]
    public sealed class Definition : ICollectionFixture<PostgresServer>;
}
