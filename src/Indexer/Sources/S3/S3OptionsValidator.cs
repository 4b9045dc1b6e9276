using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Sources.S3;

/// <summary>Checks what the attributes of <see cref="S3Options"/> cannot.</summary>
internal sealed class S3OptionsValidator : IValidateOptions<S3Options>
{
    public ValidateOptionsResult Validate(string? name, S3Options options)
    {
        var problems = new List<string>();
        if (options.ServiceUrl.Length > 0 && !(Uri.TryCreate(options.ServiceUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0))
        {
            problems.Add($"{S3Options.Section}:ServiceUrl is no http or https URL without user and password.");
        }

        if (options.AccessKey.Length > 0 != options.SecretKey.Length > 0)
        {
            problems.Add($"{S3Options.Section}: set AccessKey and SecretKey together, or neither for the AWS chain.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
