using System.Text.Json;
using AiPlatform.Core.Access;
using AiPlatform.Search.OpenSearch.Documents;
using AiPlatform.Search.OpenSearch.Transport;
using AiPlatform.Search.Querying;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>
/// A generation as one scope sees it: the scope's filter as a query, and what has been counted and looked up through it, which stays true because the index never
/// changes. Counts are of visible products only, so that hidden ones weigh in no score, correction or suggestion. Shared by all scopes of one fingerprint. Thread-safe.
/// </summary>
internal sealed class ScopedIndex(LiveIndex index, ProductFilter filter, OpenSearchConnection connection)
{
    private const int SearchesAtOnce = 100;
    private const int EntryBytes = 120;
    private readonly byte[] _filter = ScopeFilter.Of(filter);
    private readonly BoundedCache<string, Counted> _counts = new(4 << 20);
    private readonly BoundedCache<string, string> _displayNames = new(1 << 21);
    private readonly BoundedCache<string, string> _corrections = new(1 << 19);
    private readonly BoundedCache<string, VisibleValues> _values = new(16L << 20);
    private int _visible = -1;

    public LiveIndex Index => index;

    public OpenSearchConnection Connection => connection;

    public BoundedCache<string, string> DisplayNames => _displayNames;

    public BoundedCache<string, string> Corrections => _corrections;

    public BoundedCache<string, VisibleValues> Values => _values;

    /// <summary>Visible products; known after the first <see cref="CountAsync"/>.</summary>
    public int Visible => _visible;

    /// <summary>A request of searches in this index.</summary>
    public MultiSearch Searches() => new(index.Index);

    /// <summary>A request of one search: aggregations over all visible products, without hits.</summary>
    /// <param name="aggregations">Writes them, each as a property.</param>
    public MultiSearch Aggregations(Action<Utf8JsonWriter> aggregations)
    {
        var searches = Searches();
        searches.Add(json =>
        {
            json.WriteNumber("size", 0);
            json.WritePropertyName("query");
            WriteFilter(json);
            json.WriteStartObject("aggs");
            aggregations(json);
            json.WriteEndObject();
        });
        return searches;
    }

    /// <summary>Writes the scope's filter: the first clause of every filter of every search.</summary>
    public void WriteFilter(Utf8JsonWriter json) => json.WriteRawValue(_filter, skipInputValidation: true);

    /// <summary>Counts what is not known yet, and the visible products with it. One round trip, none when all is known.</summary>
    public async ValueTask<Counts> CountAsync(IEnumerable<Counting> wanted, CancellationToken cancellationToken)
    {
        var counts = new Counts();
        var missing = new List<Counting>();
        foreach (var counting in wanted.DistinctBy(c => c.Key))
        {
            if (_counts.TryGet(counting.Key, out var known))
            {
                counts.Set(counting, known!.Count);
            }
            else
            {
                missing.Add(counting);
            }
        }

        for (var from = 0; from < missing.Count || _visible < 0; from += SearchesAtOnce)
        {
            await AskAsync(missing.Skip(from).Take(SearchesAtOnce).ToList(), counts, cancellationToken).ConfigureAwait(false);
        }

        return counts;
    }

    /// <summary>Counts the visible products again, although that has been done: whether the index answers.</summary>
    public async ValueTask RecountAsync(CancellationToken cancellationToken)
    {
        var searches = Searches();
        searches.Add(json => WriteCount(json, null));
        using var answer = await searches.SendAsync(connection, cancellationToken).ConfigureAwait(false);
        _visible = SearchHits.Total(answer[0]);
    }

    private async ValueTask AskAsync(List<Counting> batch, Counts counts, CancellationToken cancellationToken)
    {
        var searches = Searches();
        var all = _visible < 0 ? searches.Add(json => WriteCount(json, null)) : -1;
        var positions = batch.ConvertAll(c => searches.Add(json => WriteCount(json, c.Query)));
        using var answer = await searches.SendAsync(connection, cancellationToken).ConfigureAwait(false);
        for (var i = 0; i < batch.Count; i++)
        {
            var count = SearchHits.Total(answer[positions[i]]);
            counts.Set(batch[i], count);
            _counts.Add(batch[i].Key, new Counted(count), EntryBytes + (batch[i].Key.Length * sizeof(char)));
        }

        if (all >= 0)
        {
            _visible = SearchHits.Total(answer[all]);
        }
    }

    private void WriteCount(Utf8JsonWriter json, Action<Utf8JsonWriter>? query)
    {
        json.WriteNumber("size", 0);
        json.WriteBoolean("track_total_hits", true);
        json.WritePropertyName("query");
        json.StartBool();
        json.WriteStartArray("filter");
        WriteFilter(json);
        query?.Invoke(json);
        json.WriteEndArray();
        json.EndBool();
    }

    private sealed record Counted(int Count);
}
