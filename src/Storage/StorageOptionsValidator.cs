using AiPlatform.Storage.Keys;
using Microsoft.Extensions.Options;
using Npgsql;

namespace AiPlatform.Storage;

/// <summary>Checks the options across fields and reports every error; never repeats a secret.</summary>
internal sealed class StorageOptionsValidator : IValidateOptions<StorageOptions>
{
    public ValidateOptionsResult Validate(string? name, StorageOptions options)
    {
        var errors = new List<string>();
        switch (options.Provider)
        {
            case StorageOptions.Sqlite when string.IsNullOrWhiteSpace(options.Path):
                errors.Add("Storage:Path is empty; name the SQLite file.");
                break;
            case StorageOptions.Sqlite:
                break;
            case StorageOptions.Postgres:
                CheckPostgres(options, errors);
                break;
            default:
                errors.Add($"Storage:Provider is `{options.Provider}`; use {StorageOptions.Sqlite} or {StorageOptions.Postgres}.");
                break;
        }

        if (options.KeyPepper.Length > 0 && KeyPepper.Decode(options.KeyPepper) is null)
        {
            errors.Add($"Storage:KeyPepper ({StorageOptions.KeyPepperVariable}) is not {KeyPepper.Bytes} bytes or more in base64 or hexadecimal.");
        }

        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckPostgres(StorageOptions options, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(options.ConnectionString))
        {
            errors.Add("Storage:ConnectionString is empty; postgres needs one, such as `Host=db;Database=aiplatform;Username=aiplatform`.");
        }
        else
        {
            try
            {
                _ = new NpgsqlConnectionStringBuilder(options.ConnectionString);
            }
            catch (Exception broken) when (broken is ArgumentException or FormatException)
            {
                errors.Add("Storage:ConnectionString is not a PostgreSQL connection string; write `Key=Value` pairs separated by `;`.");
            }
        }

        if (options.KeyPepper.Length == 0 && options.KeyPepperPath.Length == 0)
        {
            errors.Add($"Neither Storage:KeyPepper ({StorageOptions.KeyPepperVariable}) nor Storage:KeyPepperPath is given; all nodes on one PostgreSQL need the same secret.");
        }
    }
}
