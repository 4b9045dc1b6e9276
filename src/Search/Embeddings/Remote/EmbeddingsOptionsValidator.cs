using Microsoft.Extensions.Options;

namespace AiPlatform.Search.Embeddings.Remote;

/// <summary>Checks what the attributes of <see cref="EmbeddingsOptions"/> cannot.</summary>
internal sealed class EmbeddingsOptionsValidator : IValidateOptions<EmbeddingsOptions>
{
    private const string Section = EmbeddingsOptions.Section;

    public ValidateOptionsResult Validate(string? name, EmbeddingsOptions options)
    {
        var problems = new List<string>();
        if (!Enum.IsDefined(options.Provider))
        {
            problems.Add($"{Section}:Provider is not known. Choose catalog, openai, bedrock or none.");
        }

        if (options.IsRemote)
        {
            Model(options, problems);
            Service(options, problems);
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Model(EmbeddingsOptions options, List<string> problems)
    {
        if (string.IsNullOrWhiteSpace(options.Model) || options.Model.Length > 200)
        {
            problems.Add($"{Section}:Model is missing or longer than 200 characters. Name the model.");
            return;
        }

        if (options.Dimensions == 0 && EmbeddingModels.Dimensions(options.Model) == 0)
        {
            problems.Add($"{Section}:Dimensions is missing, and the model '{options.Model}' is not known here. Say how long its vectors are.");
        }

        if (options.Provider == EmbeddingsProvider.Bedrock && !EmbeddingModels.IsTitan(options.Model) && !EmbeddingModels.IsCohere(options.Model))
        {
            problems.Add($"{Section}:Model: '{options.Model}' is no embedding model of Bedrock that is known here. Choose amazon.titan-embed-text-v2:0 or one of cohere.embed-….");
        }
    }

    private static void Service(EmbeddingsOptions options, List<string> problems)
    {
        if (options.BaseUrl.Length > 0 && !(Uri.TryCreate(options.BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0))
        {
            problems.Add($"{Section}:BaseUrl is no http or https URL without credentials and query.");
        }

        if (options.ApiKey.Length > 0 && options.ApiKeyFile.Length > 0)
        {
            problems.Add($"{Section}: set ApiKey or ApiKeyFile, not both.");
        }

        if (options.ApiKeyFile.Length > 0 && !File.Exists(options.ApiKeyFile))
        {
            problems.Add($"{Section}:ApiKeyFile names a file that does not exist.");
        }

        if (options.Provider == EmbeddingsProvider.OpenAi && options.BaseUrl.Length == 0 && options.ApiKey.Length + options.ApiKeyFile.Length == 0)
        {
            problems.Add($"{Section}:ApiKey or ApiKeyFile is missing: OpenAI answers nobody without. Set BaseUrl for a service of your own.");
        }
    }
}
