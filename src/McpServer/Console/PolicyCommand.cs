using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Storage.Policy;

namespace AiPlatform.McpServer.Console;

/// <summary><c>policy check FILE</c> and <c>policy schema</c>. Exit codes: 0 usable, 1 broken or unreadable.</summary>
internal static class PolicyCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Makes the command; it needs nothing of the application.</summary>
    public static Command Create() => new("policy", "Check a policy file.") { Check(), Schema() };

    private static Command Check()
    {
        var file = new Argument<string>("file") { Description = "The policy file (YAML)." };
        file.Validators.Add(result =>
        {
            if (result.Tokens.Any(t => string.IsNullOrWhiteSpace(t.Value)))
            {
                result.AddError("Name the policy file.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Print JSON." };
        var strict = new Option<bool>("--strict") { Description = "Treat warnings as errors." };
        var command = new Command("check", "Prints every error and warning with its line, and what the policy declares.") { file, json, strict };
        command.SetAction(async (parsed, _) =>
        {
            var path = parsed.GetRequiredValue(file);
            var reading = PolicyFile.Load(path);
            var usable = reading.Policy is not null && !(parsed.GetValue(strict) && reading.Warnings.Any());
            var text = parsed.GetValue(json) ? AsJson(path, reading, usable) : AsText(path, reading);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text).ConfigureAwait(false);
            return usable ? 0 : 1;
        });
        return command;
    }

    private static Command Schema()
    {
        var command = new Command("schema", "Prints the JSON schema of policy files, for editors.");
        command.SetAction(async (parsed, _) =>
        {
            await parsed.InvocationConfiguration.Output.WriteLineAsync(PolicyFile.Schema).ConfigureAwait(false);
            return 0;
        });
        return command;
    }

    private static string AsText(string path, PolicyReading reading)
    {
        var lines = reading.Problems
            .Select(p => string.Create(CultureInfo.InvariantCulture, $"{path}:{p.Line}:{p.Column}: {Name(p.Severity)} {p.Code}: {(p.Path.Length == 0 ? "" : p.Path + ": ")}{p.Message}"))
            .ToList();
        if (reading.Policy is { } policy)
        {
            lines.Add($"Policy {policy.Version}: {policy.Groups.Count} groups, {policy.Tiers.Count} tiers, attributes {string.Join(", ", policy.Attributes)}");
            lines.AddRange(policy.Groups.Values.Select(g => Summary(policy, g)));
            lines.AddRange(policy.Claims.Select(c => Summary(c.Key, c.Value)));
        }

        var errors = reading.Errors.Count();
        lines.Add(string.Create(CultureInfo.InvariantCulture, $"{(errors == 0 ? "usable" : "broken")}: {errors} errors, {reading.Warnings.Count()} warnings"));
        return string.Join('\n', lines);
    }

    private static string Summary(AccessPolicy policy, GroupPolicy group)
    {
        var tier = policy.Tiers[group.Tier];
        var level = group.DataAccessLevel < tier.HighestAccessLevel ? group.DataAccessLevel : tier.HighestAccessLevel;
        var permissions = string.Join(' ', group.Permissions.Select(p => $"{p.Resource}:{string.Join('+', p.Actions)}"));
        var administrator = group.AdministratorLevel > 0 ? $", administrator {group.AdministratorLevel}" : "";
        return $"  {group.Id}: {group.Tier}, sees {Name(level)}{administrator}, {group.DataFilters.Length} data filters; {(permissions.Length == 0 ? "no permissions" : permissions)}";
    }

    private static string Summary(string issuer, ClaimMapping mapping)
    {
        var groups = mapping.Groups.SelectMany(g => g.Values.Values).SelectMany(v => v).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        var attributes = mapping.Attributes.IsEmpty ? "" : $"; attributes {string.Join(", ", mapping.Attributes.Keys)}";
        return $"  tokens of {issuer}: groups {string.Join(", ", groups.DefaultIfEmpty("none"))}{attributes}; {mapping.Required.Length} required claims";
    }

    private static string AsJson(string path, PolicyReading reading, bool usable) => JsonSerializer.Serialize(
        new
        {
            File = path,
            Usable = usable,
            reading.Policy?.Version,
            Tiers = reading.Policy?.Tiers.Keys,
            Groups = reading.Policy?.Groups.Keys,
            Issuers = reading.Policy?.Claims.Keys,
            Problems = reading.Problems.Select(p => new { Severity = Name(p.Severity), p.Code, p.Line, p.Column, p.Path, p.Message }),
        },
        Json);

    private static string Name<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
}
