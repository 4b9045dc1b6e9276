using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace AiPlatform.Router.Targets;

/// <summary>Checks what the attributes of <see cref="RouterOptions"/> cannot, of every target, and tells all that is wrong at once.</summary>
internal sealed class RouterOptionsValidator : IValidateOptions<RouterOptions>
{
    private const string Section = RouterOptions.Section + ":Models";
    private static readonly string[] Kinds = ["openai"];

    public ValidateOptionsResult Validate(string? name, RouterOptions options)
    {
        var problems = new List<string>();
        for (var i = 0; i < options.Models.Count; i++)
        {
            Check(options.Models[i], $"{Section}:{i}", problems);
        }

        foreach (var twice in options.Models.GroupBy(m => ModelTargets.Of(m).Target.Id, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
        {
            problems.Add($"{Section}: {twice.Count()} targets are '{twice.Key}'. Give each another provider, name or region.");
        }

        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }

    private static void Check(ModelOptions model, string at, List<string> problems)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(model, new ValidationContext(model), results, validateAllProperties: true);
        if (model.Price is { } price)
        {
            Validator.TryValidateObject(price, new ValidationContext(price), results, validateAllProperties: true);
            if (price.AsOf == default)
            {
                problems.Add($"{at}:Price:AsOf is missing. Say when the price was read, such as 2026-11-01.");
            }
        }

        problems.AddRange(results.Select(r => $"{at}: {r.ErrorMessage}"));
        if (!Kinds.Contains(model.Kind, StringComparer.OrdinalIgnoreCase))
        {
            problems.Add($"{at}:Kind is '{model.Kind}'. Choose {string.Join(", ", Kinds)}.");
        }

        if (string.Equals(model.Name, Routing.ModelRouter.AnyModel, StringComparison.OrdinalIgnoreCase))
        {
            problems.Add($"{at}:Name: '{model.Name}' is what callers write who want any model. Choose another.");
        }

        if (model.BaseUrl.Length > 0 && !(Uri.TryCreate(model.BaseUrl, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.UserInfo.Length == 0 && url.Query.Length == 0))
        {
            problems.Add($"{at}:BaseUrl is no http or https URL without credentials and query.");
        }

        if (model.ApiKey.Length > 0 && model.ApiKeyFile.Length > 0)
        {
            problems.Add($"{at}: set ApiKey or ApiKeyFile, not both.");
        }

        if (model.ApiKeyFile.Length > 0 && !File.Exists(model.ApiKeyFile))
        {
            problems.Add($"{at}:ApiKeyFile names a file that does not exist.");
        }

        foreach (var ability in model.Abilities.Where(a => !ModelTargets.Abilities.ContainsKey(a)))
        {
            problems.Add($"{at}:Abilities: '{ability}' is not known. Choose of {string.Join(", ", ModelTargets.Abilities.Keys)}.");
        }
    }
}
