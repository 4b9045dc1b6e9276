using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using AiPlatform.Storage.Sql;
using Dapper;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AiPlatform.Storage.Keys;

/// <summary>
/// The server's secret behind every key hash: with the database alone nobody can test guesses. Checked against the database once, so that a
/// lost or exchanged secret is told at start and does not look like wrong keys.
/// </summary>
internal sealed class KeyPepper(SqlDatabase database, IOptions<StorageOptions> options, RandomFill random, ILogger<KeyPepper> logger)
{
    /// <summary>The least length of the secret.</summary>
    public const int Bytes = 32;

    private const string CheckName = "key_pepper_check";
    private const string FileName = "key-pepper";
    private readonly Lock _loading = new();
    private volatile byte[]? _secret;

    /// <summary>The keyed hash of a presented key, 32 bytes.</summary>
    public byte[] Hash(string key) => HMACSHA256.HashData(_secret ?? Load(), Encoding.UTF8.GetBytes(key));

    /// <summary>The bytes of a secret in hexadecimal or base64; null when it is neither or too short.</summary>
    public static byte[]? Decode(string text)
    {
        text = text.Trim();
        try
        {
            var bytes = text.Length % 2 == 0 && text.All(char.IsAsciiHexDigit) ? Convert.FromHexString(text) : Convert.FromBase64String(text);
            return bytes.Length >= Bytes ? bytes : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Loads, or on the first start makes, the secret.</summary>
    /// <exception cref="StorageException">The secret is missing, unreadable, or not the one the database's keys were hashed with.</exception>
    public byte[] Load()
    {
        lock (_loading)
        {
            if (_secret is { } ready)
            {
                return ready;
            }

            using var connection = database.Open();
            var known = Check(connection);
            var secret = options.Value.KeyPepper.Length > 0
                ? Decode(options.Value.KeyPepper) ?? throw new StorageException("pepper_invalid", $"{StorageOptions.KeyPepperVariable} is not {Bytes} bytes or more in base64 or hexadecimal.")
                : FromFile(known is not null);
            var check = Convert.ToHexStringLower(HMACSHA256.HashData(secret, "aiplatform key pepper check"u8));
            if (known is null)
            {
                connection.Execute("INSERT INTO storage_settings (name, value) VALUES (@CheckName, @check) ON CONFLICT (name) DO NOTHING", new { CheckName, check });
                known = Check(connection);
            }

            if (known != check)
            {
                throw new StorageException("pepper_mismatch", "The key pepper is not the one this database's keys were hashed with; restore the file or the configured secret that belongs to it.");
            }

            return _secret = secret;
        }
    }

    private static string? Check(DbConnection connection) =>
        connection.QuerySingleOrDefault<string>("SELECT value FROM storage_settings WHERE name = @CheckName", new { CheckName });

    private byte[] FromFile(bool mustExist)
    {
        var path = options.Value.KeyPepperPath.Length > 0
            ? Path.GetFullPath(options.Value.KeyPepperPath)
            : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(options.Value.Path))!, FileName);
        if (!File.Exists(path))
        {
            if (mustExist)
            {
                throw new StorageException("pepper_missing", $"The key pepper {path} is missing, and without it no key of this database works; restore it, or give {StorageOptions.KeyPepperVariable}.");
            }

            Make(path);
        }

        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite)) != 0)
        {
            Log.PepperReadable(logger, path);
        }

        return Decode(File.ReadAllText(path))
            ?? throw new StorageException("pepper_invalid", $"The key pepper {path} does not hold {Bytes} bytes or more in base64 or hexadecimal; restore it.");
    }

    /// <summary>Written aside and moved without overwriting: of several first starts one wins and all read the same.</summary>
    private void Make(string path)
    {
        Span<byte> secret = stackalloc byte[Bytes];
        random(secret);
        Span<byte> name = stackalloc byte[8];
        random(name);
        var aside = $"{path}.{Convert.ToHexStringLower(name)}";
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var mode = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            mode.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var file = new FileStream(aside, mode))
        {
            file.Write(Encoding.ASCII.GetBytes(Convert.ToBase64String(secret)));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }
}
