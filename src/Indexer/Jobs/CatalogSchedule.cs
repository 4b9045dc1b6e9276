using Microsoft.Extensions.Configuration;
using Quartz;

namespace AiPlatform.Indexer.Jobs;

/// <summary>When a catalog is reindexed by itself.</summary>
/// <param name="Cron">When: five fields (minute, hour, day, month, weekday), or six or seven that begin with the second, as Quartz writes them.</param>
/// <param name="TimeZone">Where the times are meant. Default: UTC.</param>
/// <param name="Misfire">What becomes of times at which no worker was there. Default: once.</param>
public sealed record CatalogSchedule(string Cron, TimeZoneInfo TimeZone, MisfirePolicy Misfire)
{
    /// <summary>Name of the setting that says when.</summary>
    public const string CronKey = "Schedule";

    /// <summary>Name of the setting that says where.</summary>
    public const string TimeZoneKey = "TimeZone";

    /// <summary>Name of the setting that says what becomes of missed times.</summary>
    public const string MisfireKey = "Misfire";

    private const int UnixFields = 5;

    /// <summary>The schedule of a catalog's section; null when it has none. Mistakes go to the list.</summary>
    internal static CatalogSchedule? Read(IConfigurationSection section, List<string> problems)
    {
        var zone = TimeZoneInfo.Utc;
        if (section[TimeZoneKey] is { } name && !TimeZoneInfo.TryFindSystemTimeZoneById(name, out zone!))
        {
            problems.Add($"{section.Path}:{TimeZoneKey}: this machine knows no time zone '{name}'. Write one such as Europe/Berlin.");
        }

        var misfire = MisfirePolicy.FireOnce;
        if (section[MisfireKey] is { } policy && !(Enum.TryParse(policy, ignoreCase: true, out misfire) && Enum.IsDefined(misfire)))
        {
            problems.Add($"{section.Path}:{MisfireKey}: '{policy}' is not known. Choose one of {string.Join(", ", Enum.GetNames<MisfirePolicy>())}.");
        }

        if (section[CronKey] is not { } cron)
        {
            return null;
        }

        if (!CronExpression.TryParse(cron, FormatOf(cron), out _))
        {
            problems.Add($"{section.Path}:{CronKey}: '{cron}' is no cron expression. Write five fields, minute hour day month weekday, such as '30 2 * * *' for half past two every night.");
        }

        return new CatalogSchedule(cron, zone ?? TimeZoneInfo.Utc, misfire);
    }

    /// <summary>The expression as the scheduler takes it.</summary>
    internal CronExpression Expression() => CronExpression.Parse(Cron, FormatOf(Cron)).WithTimeZone(TimeZone);

    /// <summary>The first of its times after a moment; null when there is none any more.</summary>
    internal DateTimeOffset? Next(DateTimeOffset after) => Expression().GetNextValidTimeAfter(after);

    private static CronFormat FormatOf(string cron) =>
        cron.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length == UnixFields ? CronFormat.Unix : CronFormat.Quartz;
}
