using System.ComponentModel.DataAnnotations;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Options;

namespace AiPlatform.Search.OpenSearch;

/// <summary>Checks the options across fields and reports every error; never repeats a secret.</summary>
internal sealed class OpenSearchOptionsValidator : IValidateOptions<OpenSearchOptions>
{
    /// <summary>Nodes of the list at most.</summary>
    public const int MaxNodes = 16;
    private const int MaxPrefix = 32;

    public ValidateOptionsResult Validate(string? name, OpenSearchOptions options)
    {
        var errors = new List<string>();
        CheckNodes(options, errors);
        CheckAuthentication(options, errors);
        CheckAuthorities(options, errors);
        CheckNumbers(options, errors);
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    /// <exception cref="OptionsValidationException">Values are wrong; the message names all of them.</exception>
    public static void Demand(OpenSearchOptions options)
    {
        if (new OpenSearchOptionsValidator().Validate(null, options) is { Failed: true } result)
        {
            throw new OptionsValidationException(OpenSearchOptions.Section, typeof(OpenSearchOptions), result.Failures);
        }
    }

    private static void CheckNodes(OpenSearchOptions options, List<string> errors)
    {
        if (options.Nodes.Count is 0 or > MaxNodes)
        {
            errors.Add($"OpenSearch:Nodes has {options.Nodes.Count} addresses; give 1 to {MaxNodes}, such as `https://search-1:9200`.");
        }

        foreach (var node in options.Nodes)
        {
            if (!Uri.TryCreate(node, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || uri.Query.Length > 0 || uri.Fragment.Length > 0)
            {
                errors.Add("OpenSearch:Nodes has an entry that is no http or https address; write `https://host:port`.");
            }
            else if (uri.UserInfo.Length > 0)
            {
                errors.Add($"OpenSearch:Nodes names a user in the address of {uri.Host}; give OpenSearch:UserName and OpenSearch:PasswordFile instead.");
            }
        }

        var prefix = options.IndexPrefix;
        if (prefix.Length is 0 or > MaxPrefix || prefix[0] == '_' || !prefix.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_'))
        {
            errors.Add($"OpenSearch:IndexPrefix is `{prefix}`; use 1 to {MaxPrefix} of a-z 0-9 _, starting with a letter or digit.");
        }
    }

    private static void CheckAuthentication(OpenSearchOptions options, List<string> errors)
    {
        switch (options.Authentication)
        {
            case OpenSearchAuthentication.None:
                break;
            case OpenSearchAuthentication.Basic:
                CheckPassword(options, errors);
                break;
            case OpenSearchAuthentication.Aws:
                if (string.IsNullOrWhiteSpace(options.Region))
                {
                    errors.Add("OpenSearch:Region is empty; requests signed for AWS need it, such as `eu-central-1`.");
                }

                if (options.Service is not ("es" or "aoss"))
                {
                    errors.Add($"OpenSearch:Service is `{options.Service}`; use es (a managed domain) or aoss (serverless).");
                }

                break;
            default:
                errors.Add($"OpenSearch:Authentication is `{options.Authentication}`; use none, basic or aws.");
                break;
        }
    }

    private static void CheckPassword(OpenSearchOptions options, List<string> errors)
    {
        if (string.IsNullOrWhiteSpace(options.UserName) || options.UserName.Contains(':', StringComparison.Ordinal))
        {
            errors.Add("OpenSearch:UserName is empty or has a colon; basic authentication needs a name without one.");
        }

        if ((options.Password.Length > 0) == (options.PasswordFile.Length > 0))
        {
            errors.Add("Give either OpenSearch:PasswordFile or OpenSearch:Password for basic authentication.");
        }
        else if (options.PasswordFile.Length > 0 && !File.Exists(options.PasswordFile))
        {
            errors.Add($"OpenSearch:PasswordFile {options.PasswordFile} is not there.");
        }
    }

    private static void CheckAuthorities(OpenSearchOptions options, List<string> errors)
    {
        if (options.CaFile.Length == 0)
        {
            return;
        }

        try
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(options.CaFile);
            if (authorities.Count == 0)
            {
                errors.Add($"OpenSearch:CaFile {options.CaFile} holds no certificate; give the PEM file of the authority.");
            }
        }
        catch (Exception broken) when (broken is IOException or UnauthorizedAccessException or CryptographicException)
        {
            errors.Add($"OpenSearch:CaFile {options.CaFile} cannot be read: {broken.Message}");
        }
    }

    private static void CheckNumbers(OpenSearchOptions options, List<string> errors)
    {
        Check(nameof(options.ConnectTimeoutMilliseconds), options.ConnectTimeoutMilliseconds, 50, 60_000);
        Check(nameof(options.RequestTimeoutSeconds), options.RequestTimeoutSeconds, 1, 300);
        Check(nameof(options.WriteTimeoutSeconds), options.WriteTimeoutSeconds, 1, 3_600);
        Check(nameof(options.OutageSeconds), options.OutageSeconds, 0, 86_400);
        Check(nameof(options.MaxConnections), options.MaxConnections, 1, 1_024);
        Check(nameof(options.MaxRetries), options.MaxRetries, 0, 10);
        Check(nameof(options.BreakerFailures), options.BreakerFailures, 1, 100);
        Check(nameof(options.BreakerMilliseconds), options.BreakerMilliseconds, 10, 600_000);
        Check(nameof(options.MaxResponseBytes), options.MaxResponseBytes, 1 << 20, 1 << 30);
        Check(nameof(options.Shards), options.Shards, 1, 1_024);
        Check(nameof(options.Replicas), options.Replicas, 0, 15);
        Check(nameof(options.BulkBytes), options.BulkBytes, 64 << 10, 64 << 20);
        Check(nameof(options.BulkProducts), options.BulkProducts, 1, 10_000);
        Check(nameof(options.BulkConcurrency), options.BulkConcurrency, 1, 16);
        Check(nameof(options.LeaseSeconds), options.LeaseSeconds, 2, 3_600);
        Check(nameof(options.ReloadCheckMilliseconds), options.ReloadCheckMilliseconds, 0, 60_000);
        var ranking = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options.Ranking, new ValidationContext(options.Ranking), ranking, validateAllProperties: true))
        {
            errors.AddRange(ranking.Select(r => $"OpenSearch:Ranking: {r.ErrorMessage}"));
        }

        void Check(string setting, int value, int least, int most)
        {
            if (value < least || value > most)
            {
                errors.Add(FormattableString.Invariant($"OpenSearch:{setting} is {value}; use {least} to {most}."));
            }
        }
    }
}
