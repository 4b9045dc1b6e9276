using AiPlatform.Search;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AiPlatform.Indexer.Sources.Http;

/// <summary>Checks what the attributes of <see cref="FeedOptions"/> cannot. No message holds a value of a header.</summary>
/// <param name="feeds">The section <c>Feeds</c>: what is no entry is not bound, and would be left out silently.</param>
internal sealed class FeedOptionsValidator(IConfigurationSection feeds) : IValidateOptions<FeedOptions>
{
    private const string Key = $"{FeedOptions.Section}:{nameof(FeedOptions.Authorization)}";
    private const int MaxEntries = 100;
    private static readonly string[] Known = [nameof(FeedAuthorization.Host), nameof(FeedAuthorization.Port), nameof(FeedAuthorization.Value)];

    public ValidateOptionsResult Validate(string? name, FeedOptions options)
    {
        var problems = feeds.GetSection(nameof(FeedOptions.Authorization)).GetChildren().Where(e => e.Value is not null)
            .Select(e => $"{Key}:{e.Key} is no entry. It is a list: set {Key}:0:Host, {Key}:0:Value and, if wanted, {Key}:0:Port.").ToList();
        problems.AddRange(
            from entry in feeds.GetSection(nameof(FeedOptions.Authorization)).GetChildren()
            from key in entry.GetChildren()
            where !Known.Contains(key.Key, StringComparer.OrdinalIgnoreCase)
            select SettingNames.Unknown(entry.Path, key.Key, Known));
        foreach (var (entry, place) in options.Authorization.Take(MaxEntries).Select((a, i) => (a, $"{Key}:{i}")))
        {
            if (Uri.CheckHostName(entry.Host.Trim('[', ']')) == UriHostNameType.Unknown)
            {
                problems.Add($"{place}:Host is no host. Set a name such as feeds.example.com, without scheme, port and path.");
            }

            if (entry.Port is < 1 or > ushort.MaxValue)
            {
                problems.Add($"{place}:Port is 1 to {ushort.MaxValue}, or left out for any.");
            }

            if (string.IsNullOrWhiteSpace(entry.Value) || entry.Value.Any(char.IsControl))
            {
                problems.Add($"{place}:Value is empty or has a control character. Set the whole value of the header, such as 'Bearer …'.");
            }
        }

        if (options.Authorization.Count > MaxEntries)
        {
            problems.Add($"{Key} has more than {MaxEntries} entries.");
        }

        var doubled = options.Authorization.GroupBy(a => (a.Host.ToUpperInvariant(), a.Port)).Where(g => g.Count() > 1);
        problems.AddRange(doubled.Select(g => $"{Key} names {g.First().Host}{(g.Key.Port is { } port ? $", port {port}," : "")} more than once."));
        return problems.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
    }
}
