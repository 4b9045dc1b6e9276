using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Storage;

namespace AiPlatform.McpServer.Console;

/// <summary>
/// <c>keys create|list|revoke</c>, run by whoever may start the program, so under an audited system scope.
/// Exit codes: 0 done, 1 refused or invalid. A line that does not parse is the root command's to answer with 2.
/// </summary>
internal static class KeysCommand
{
    private const int Done = 0;
    private const int Refused = 1;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>Makes the command.</summary>
    /// <param name="services">Answers, when the command runs, services with <see cref="IApiKeyStore"/>, <see cref="IAccessPolicySource"/>, <see cref="AccessScope.Issuer"/> and <see cref="TimeProvider"/>; the caller disposes of them.</param>
    public static Command Create(Func<IServiceProvider> services)
    {
        ArgumentNullException.ThrowIfNull(services);
        return new Command("keys", "Make, list and revoke API keys.") { CreateOne(services), List(services), Revoke(services) };
    }

    private static Command CreateOne(Func<IServiceProvider> services)
    {
        var name = new Option<string>("--name") { Description = "What the key is for.", Required = true };
        var groups = new Option<string[]>("--group") { Description = "A group of the policy; may be given several times.", Required = true };
        var attributes = new Option<string[]>("--attribute") { Description = "An attribute as name=value, such as region=EU; may be given several times." };
        var days = new Option<int?>("--expires-days") { Description = "Days until the key stops working, 1 to 3650. Default: never." };
        days.Validators.Add(result => Check(result, "--expires-days", value => value is null or (>= 1 and <= 3650), "a number from 1 to 3650"));
        attributes.Validators.Add(CheckAttributes);
        var json = JsonOption();
        var command = new Command("create", "Makes a key and prints its secret, this once.") { name, groups, attributes, days, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, services, async (provider, scope) =>
        {
            var policy = provider.GetRequiredService<IAccessPolicySource>().Current;
            var wanted = parsed.GetRequiredValue(groups).Select(g => g.Trim().ToLowerInvariant()).ToImmutableArray();
            var pairs = (parsed.GetValue(attributes) ?? []).Select(a => a.Split('=', 2)).ToImmutableSortedDictionary(p => p[0].Trim().ToLowerInvariant(), p => p[1].Trim(), StringComparer.Ordinal);
            if (Unknown(policy, wanted, pairs.Keys) is { } problem)
            {
                return Fail(parsed, problem);
            }

            DateTimeOffset? expires = parsed.GetValue(days) is { } count ? provider.GetRequiredService<TimeProvider>().GetUtcNow().AddDays(count) : null;
            var issued = await provider.GetRequiredService<IApiKeyStore>()
                .CreateAsync(scope, new NewApiKey(parsed.GetRequiredValue(name), wanted, pairs, expires), cancellationToken).ConfigureAwait(false);
            foreach (var warning in KeyWarnings.Of(policy, wanted, pairs.Keys))
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("warning: " + warning).ConfigureAwait(false);
            }

            var output = parsed.InvocationConfiguration.Output;
            if (parsed.GetValue(json))
            {
                await output.WriteLineAsync(JsonSerializer.Serialize(new { secret = issued.Secret, key = View(issued.Record) }, Json)).ConfigureAwait(false);
                return Done;
            }

            await output.WriteLineAsync($"Key {issued.Record.Id} for {string.Join(", ", issued.Record.Groups)}, expires {Time(expires, "never")}").ConfigureAwait(false);
            await output.WriteLineAsync($"\n  {issued.Secret}\n\nThis is the only time the secret is shown. Send it as `X-API-Key` or `Authorization: Bearer`.").ConfigureAwait(false);
            return Done;
        }));
        return command;
    }

    private static Command List(Func<IServiceProvider> services)
    {
        var json = JsonOption();
        var command = new Command("list", "Lists all keys, newest first; never a secret.") { json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, services, async (provider, scope) =>
        {
            var keys = await provider.GetRequiredService<IApiKeyStore>().ListAsync(scope, cancellationToken).ConfigureAwait(false);
            var now = provider.GetRequiredService<TimeProvider>().GetUtcNow();
            var text = parsed.GetValue(json) ? JsonSerializer.Serialize(keys.Select(View), Json) : Table(keys, now);
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text).ConfigureAwait(false);
            return Done;
        }));
        return command;
    }

    private static Command Revoke(Func<IServiceProvider> services)
    {
        var key = new Argument<string>("key") { Description = "Id (key_…) or prefix (aip_…) of the key, as `keys list` prints it." };
        var json = JsonOption();
        var command = new Command("revoke", "Revokes a key; effective within a second on every node.") { key, json };
        command.SetAction((parsed, cancellationToken) => RunAsync(parsed, services, async (provider, scope) =>
        {
            // A whole key pasted here means its prefix; the rest must not go on to a log.
            var given = parsed.GetRequiredValue(key).Trim();
            var idOrPrefix = given.StartsWith("aip_", StringComparison.Ordinal) && given.Length > 12 ? given[..12] : given;
            var revoked = await provider.GetRequiredService<IApiKeyStore>().RevokeAsync(scope, idOrPrefix, cancellationToken).ConfigureAwait(false);
            if (revoked is null)
            {
                return Fail(parsed, $"There is no key {idOrPrefix}; `keys list` shows ids and prefixes.");
            }

            var text = parsed.GetValue(json)
                ? JsonSerializer.Serialize(View(revoked), Json)
                : $"Key {revoked.Prefix} ({revoked.Name}) is revoked since {Time(revoked.RevokedAt, "")}.";
            await parsed.InvocationConfiguration.Output.WriteLineAsync(text).ConfigureAwait(false);
            return Done;
        }));
        return command;
    }

    /// <summary>Runs a step under a system scope and turns expected failures into a line and an exit code.</summary>
    private static async Task<int> RunAsync(ParseResult parsed, Func<IServiceProvider> services, Func<IServiceProvider, AccessScope, Task<int>> step)
    {
        try
        {
            var provider = services();
            var scope = provider.GetRequiredService<AccessScope.Issuer>().IssueSystem("cli", "keys command on the server's own console");
            return await step(provider, scope).ConfigureAwait(false);
        }
        catch (Exception expected) when (expected is AccessRefusedException or ArgumentException or StorageException or Storage.Policy.PolicyFileException)
        {
            return Fail(parsed, expected.Message);
        }
    }

    private static string? Unknown(AccessPolicy policy, ImmutableArray<string> groups, IEnumerable<string> attributes)
    {
        var unknown = groups.Where(g => !policy.Groups.ContainsKey(g)).ToArray();
        if (unknown.Length > 0)
        {
            return $"The policy has no group {string.Join(", ", unknown)}; its groups are {string.Join(", ", policy.Groups.Keys)}.";
        }

        var strange = attributes.Where(a => !policy.Attributes.Contains(a)).ToArray();
        return strange.Length == 0 ? null : $"The policy has no attribute {string.Join(", ", strange)}; its attributes are {string.Join(", ", policy.Attributes)}.";
    }

    private static string Table(IReadOnlyList<ApiKeyRecord> keys, DateTimeOffset now)
    {
        string[] header = ["PREFIX", "ID", "NAME", "GROUPS", "ATTRIBUTES", "CREATED", "EXPIRES", "LAST USED", "STATE"];
        var rows = keys.Select(k => new[]
        {
            k.Prefix, k.Id, k.Name, string.Join(',', k.Groups), string.Join(',', k.Attributes.Select(a => $"{a.Key}={a.Value}")),
            Time(k.CreatedAt, ""), Time(k.ExpiresAt, "never"), Time(k.LastUsedAt, "never"), State(k, now),
        }).Prepend(header).ToArray();
        var widths = header.Select((_, column) => rows.Max(r => r[column].Length)).ToArray();
        var lines = rows.Select(r => string.Join("  ", r.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd());
        return string.Join('\n', lines) + (keys.Count == 0 ? "\n(no keys)" : "");
    }

    private static object View(ApiKeyRecord key) => new
    {
        key.Id, key.Prefix, key.Name, key.Groups, key.Attributes, key.CreatedAt, key.CreatedBy, key.ExpiresAt, key.RevokedAt, key.LastUsedAt,
    };

    private static string State(ApiKeyRecord key, DateTimeOffset now) =>
        key.RevokedAt is not null ? "revoked" : key.ExpiresAt is { } end && now >= end ? "expired" : "active";

    private static string Time(DateTimeOffset? at, string none) => at?.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture) ?? none;

    private static void Check(OptionResult result, string option, Func<int?, bool> holds, string expected)
    {
        // A text that is no number is the parser's own error; only the range is checked here.
        if (result.Tokens.Count == 1 && int.TryParse(result.Tokens[0].Value, CultureInfo.InvariantCulture, out var value) && !holds(value))
        {
            result.AddError($"{option} must be {expected}.");
        }
    }

    private static void CheckAttributes(OptionResult result)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var token in result.Tokens)
        {
            var parts = token.Value.Split('=', 2);
            if (parts.Length != 2 || parts.Any(string.IsNullOrWhiteSpace))
            {
                result.AddError($"--attribute {token.Value}: write name=value, such as region=EU.");
            }
            else if (!names.Add(parts[0].Trim()))
            {
                result.AddError($"--attribute {parts[0].Trim()} is given twice.");
            }
        }
    }

    private static Option<bool> JsonOption() => new("--json") { Description = "Print JSON." };

    private static int Fail(ParseResult parsed, string message)
    {
        parsed.InvocationConfiguration.Error.WriteLine(message);
        return Refused;
    }
}
