using System.Globalization;
using System.Text.Json.Serialization;

namespace AiPlatform.Search.OpenSearch.State;

/// <summary>The head of a catalog's journal: which changes wait, in order. What it does not name is not there.</summary>
/// <param name="Name">Random; positions of another journal mean nothing here.</param>
/// <param name="Next">Number of the next change.</param>
/// <param name="Waiting">What waits, oldest first.</param>
/// <param name="Applied">Ids of what was dropped last, newest first: whoever does not know whether it was added finds it here.</param>
internal sealed record ChangeLog(string Name, long Next, List<ChangeBatch> Waiting, List<string> Applied)
{
    /// <summary>Batches that wait at most.</summary>
    public const int MaxBatches = 4_096;

    private const int MaxApplied = 256;

    /// <summary>Bytes that wait.</summary>
    [JsonIgnore]
    public long Bytes => Waiting.Sum(b => b.Bytes);

    /// <summary>Where the last change stands; null when none waits.</summary>
    [JsonIgnore]
    public string? LastPosition => Waiting is [.., var last] ? PositionOf(last.Last) : null;

    /// <summary>Where a change stands.</summary>
    public string PositionOf(long number) => string.Create(CultureInfo.InvariantCulture, $"{Name}:{number}");

    /// <summary>The number of a position; 0 for none and for one of another journal.</summary>
    public long NumberOf(string? position) =>
        position?.Split(':') is [var name, var number] && name == Name && long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : 0;

    /// <summary>Whether a batch was added.</summary>
    public bool Knows(string id) => Waiting.Exists(b => b.Id == id) || Applied.Contains(id);

    /// <summary>With a batch behind all others.</summary>
    public ChangeLog With(ChangeBatch batch) => this with { Next = Next + batch.Count, Waiting = [.. Waiting, batch with { First = Next }] };

    /// <summary>Without what is applied up to a number.</summary>
    public ChangeLog Without(IReadOnlyCollection<ChangeBatch> done) => this with
    {
        Waiting = [.. Waiting.Except(done)],
        Applied = [.. done.Select(b => b.Id).Reverse().Concat(Applied).Take(MaxApplied)],
    };
}
