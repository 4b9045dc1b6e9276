using System.Collections.Frozen;
using AiPlatform.Router.Providers;
using AiPlatform.Router.Routing;

namespace AiPlatform.Router.Targets;

/// <summary>Makes targets of the settings.</summary>
internal static class ModelTargets
{
    /// <summary>The abilities by the names of the settings.</summary>
    public static readonly FrozenDictionary<string, TargetAbilities> Abilities = new Dictionary<string, TargetAbilities>(StringComparer.OrdinalIgnoreCase)
    {
        ["tools"] = TargetAbilities.Tools,
        ["images"] = TargetAbilities.Images,
        ["json_schema"] = TargetAbilities.JsonSchema,
        ["embeddings"] = TargetAbilities.Embeddings,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The target of a setting that was found valid.</summary>
    public static ModelTarget Of(ModelOptions model)
    {
        var kind = model.Kind.ToLowerInvariant();
        var named = model.Abilities.Where(Abilities.ContainsKey).Aggregate(TargetAbilities.None, (all, name) => all | Abilities[name]);
        return new ModelTarget
        {
            Target = new RoutingTarget(
                model.Provider.Length > 0 ? model.Provider : kind,
                model.Name,
                model.ProcessingRegions.Count > 0 ? [.. model.ProcessingRegions] : model.Region.Length > 0 ? [model.Region] : [])
            {
                Region = model.Region,
            },
            Kind = kind,
            UpstreamModel = model.UpstreamModel.Length > 0 ? model.UpstreamModel : model.Name,
            BaseUrl = Uri.TryCreate(model.BaseUrl, UriKind.Absolute, out var url) ? url : null,
            Abilities = (model.Abilities.Count > 0 ? named : TargetAbilities.Tools | TargetAbilities.JsonSchema) | (kind == "openai" ? TargetAbilities.OpenAiParameters : TargetAbilities.None),
            ContextTokens = model.ContextTokens,
            MaxOutputTokens = model.MaxOutputTokens,
            HighestDataLevel = model.HighestDataLevel,
            Price = model.Price is { } price ? new TargetPrice(price.Input, price.Output, price.CachedInput, price.Source, price.AsOf) : null,
        };
    }

    /// <summary>What its adapter needs besides.</summary>
    public static ProviderSettings SettingsOf(ModelOptions model) =>
        new(model.ApiKeyFile.Length > 0 ? File.ReadAllText(model.ApiKeyFile).Trim() : model.ApiKey, TimeSpan.FromSeconds(model.TimeoutSeconds));
}
