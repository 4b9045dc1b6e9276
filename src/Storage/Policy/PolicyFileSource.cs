using System.Security.Cryptography;
using AiPlatform.Core.Access;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Storage.Policy;

/// <summary>
/// The policy of a file, reloaded when the file changes. A broken edit keeps the policy before, is logged (event 2002) and stands in
/// <see cref="LastError"/> until a valid file is read. Thread-safe.
/// </summary>
public sealed class PolicyFileSource : IAccessPolicySource, IDisposable
{
    private readonly Lock _reading = new();
    private readonly string _path;
    private readonly TimeSpan _settle;
    private readonly TimeSpan _poll;
    private readonly ILogger<PolicyFileSource> _logger;
    private readonly ITimer _timer;
    private readonly FileSystemWatcher? _watcher;
    private volatile AccessPolicy _current;
    private volatile PolicyFileException? _lastError;
    private byte[] _lastSeen;

    /// <summary>Loads the file and begins to watch it.</summary>
    /// <param name="options">The file.</param>
    /// <param name="time">Drives the poll.</param>
    /// <param name="logger">Where reloads and broken edits are written.</param>
    /// <exception cref="PolicyFileException">The file is missing or broken; the message lists every error.</exception>
    public PolicyFileSource(IOptions<PolicyFileOptions> options, TimeProvider time, ILogger<PolicyFileSource> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(time);
        _logger = logger;
        _path = Path.GetFullPath(options.Value.Path);
        _settle = TimeSpan.FromMilliseconds(options.Value.SettleMilliseconds);
        _poll = TimeSpan.FromSeconds(options.Value.PollSeconds);
        var (reading, seen) = Look();
        _current = reading.Policy ?? throw new PolicyFileException(_path, reading.Problems);
        _lastSeen = seen;
        Warn(reading);
        Log.PolicyLoaded(_logger, _path, _current.Version, _current.Groups.Count);
        _timer = time.CreateTimer(_ => Poll(), null, _poll, _poll);
        _watcher = Watch();
    }

    /// <summary>Raised after a policy with another version came into force, on the thread that read it.</summary>
    public event EventHandler<AccessPolicy>? Changed;

    /// <inheritdoc/>
    public AccessPolicy Current => _current;

    /// <summary>Why the file as it is now is not in force; null when it is.</summary>
    public PolicyFileException? LastError => _lastError;

    /// <summary>Reads the file now if it has changed. Also runs by itself on every change.</summary>
    public PolicyReload TryReload()
    {
        AccessPolicy before, next;
        lock (_reading)
        {
            var (reading, seen) = Look();
            if (seen.AsSpan().SequenceEqual(_lastSeen))
            {
                return PolicyReload.Unchanged;
            }

            _lastSeen = seen;
            before = _current;
            if (reading.Policy is null)
            {
                _lastError = new PolicyFileException(_path, reading.Problems);
                Log.PolicyRefused(_logger, _path, before.Version, _lastError.Message);
                return PolicyReload.Refused;
            }

            next = reading.Policy;
            _current = next;
            _lastError = null;
            Warn(reading);
            Log.PolicyLoaded(_logger, _path, next.Version, next.Groups.Count);
        }

        if (next.Version != before.Version)
        {
            Changed?.Invoke(this, next);
        }

        return PolicyReload.Loaded;
    }

    /// <summary>Stops watching; the policy stays readable.</summary>
    public void Dispose()
    {
        _watcher?.Dispose();
        _timer.Dispose();
    }

    /// <summary>The reading and a digest of what was seen, a failure to read included, so that it is reported once.</summary>
    private (PolicyReading Reading, byte[] Seen) Look()
    {
        try
        {
            var bytes = PolicyBytes.Read(_path);
            return (PolicyFile.Parse(bytes), SHA256.HashData(bytes));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return (PolicyFile.Unreadable(failure), [.. failure.GetType().Name.Select(c => (byte)c)]);
        }
    }

    private void Poll()
    {
        try
        {
            TryReload();
        }
        catch (Exception failure)
        {
            // The boundary of a timer thread: a subscriber's fault must not end the process, nor the watching.
            Log.PolicyWatchFailed(_logger, failure, _path);
        }
    }

    private FileSystemWatcher? Watch()
    {
        var folder = Path.GetDirectoryName(_path)!;
        try
        {
            var watcher = new FileSystemWatcher(folder, Path.GetFileName(_path));
            watcher.Changed += (_, _) => Settle();
            watcher.Created += (_, _) => Settle();
            watcher.Renamed += (_, _) => Settle();
            watcher.Deleted += (_, _) => Settle();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception unavailable) when (unavailable is IOException or ArgumentException)
        {
            // Out of inotify handles, for one. The poll still notices every change.
            Log.PolicyWatchFailed(_logger, unavailable, _path);
            return null;
        }
    }

    private void Settle() => _timer.Change(_settle, _poll);

    private void Warn(PolicyReading reading)
    {
        foreach (var warning in reading.Warnings)
        {
            Log.PolicyWarning(_logger, _path, warning.ToString());
        }
    }
}
