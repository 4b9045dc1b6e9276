using System.Text.Json;
using AiPlatform.Core.Catalog;
using AiPlatform.Search.OpenSearch.Documents;

namespace AiPlatform.Search.OpenSearch.Querying;

/// <summary>What matches: the scope's filter, the caller's own filters, and the words. Every leg, count and facet is asked through it.</summary>
/// <param name="View">The index as the scope sees it.</param>
/// <param name="Filters">The caller's filters, checked.</param>
/// <param name="Plan">The words; null for everything.</param>
internal sealed record MatchQuery(ScopedIndex View, IReadOnlyList<QueryFilter> Filters, WordPlan? Plan)
{
    /// <summary>Name of the clause of the n-th excluded term: what says that it lacks it.</summary>
    public const char Lacks = 'l';

    /// <summary>Name of the clause of the n-th excluded term: what has it in name or class.</summary>
    public const char HasIt = 'h';

    /// <summary>How many of the words must be there.</summary>
    public int Least { get; init; } = 1;

    /// <summary>Ids that are not wanted.</summary>
    public IReadOnlyList<string> Except { get; init; } = [];

    /// <summary>Writes the filters alone, as one query: what the vector leg looks among.</summary>
    public void WriteFilters(Utf8JsonWriter json)
    {
        json.StartBool();
        json.WriteStartArray("filter");
        WriteFilterClauses(json);
        json.WriteEndArray();
        WriteExcept(json);
        json.EndBool();
    }

    /// <summary>Writes the query.</summary>
    /// <param name="json">Where it goes.</param>
    /// <param name="scored">Whether hits are scored and tell which words they have; otherwise it only matches.</param>
    public void Write(Utf8JsonWriter json, bool scored)
    {
        if (Plan is null)
        {
            WriteFilters(json);
            return;
        }

        if (Plan.Words.Length == 0)
        {
            json.MatchNone();
            return;
        }

        json.StartBool();
        json.WriteStartArray("filter");
        WriteFilterClauses(json);
        foreach (var phrase in Plan.Phrases)
        {
            WordQueries.Phrase(json, phrase);
        }

        if (!scored)
        {
            WriteWords(json, scored: false);
        }

        json.WriteEndArray();
        WriteExcept(json);
        if (scored)
        {
            json.WritePropertyName("must");
            WriteWords(json, scored: true);
            WriteExcluded(json);
        }

        json.EndBool();
    }

    private void WriteFilterClauses(Utf8JsonWriter json)
    {
        View.WriteFilter(json);
        foreach (var filter in Filters)
        {
            CallerFilter.Write(json, filter);
        }
    }

    private void WriteExcept(Utf8JsonWriter json)
    {
        if (Except.Count > 0)
        {
            json.WritePropertyName("must_not");
            json.Terms(IndexFields.Id, Except);
        }
    }

    private void WriteWords(Utf8JsonWriter json, bool scored)
    {
        json.StartBool();
        json.WriteStartArray("should");
        for (var i = 0; i < Plan!.Words.Length; i++)
        {
            var word = Plan.Words[i];
            WordQueries.Term(json, word.Term, scored ? word.Idf * word.Weight : null, scored && Plan.Words.Length > 1 ? WordName(i) : null);
        }

        json.WriteEndArray();
        json.WriteNumber("minimum_should_match", Least);
        json.EndBool();
    }

    /// <summary>The ways a product says that it lacks what is not wanted, and whether its name or class has it: told by name, scored nothing.</summary>
    private void WriteExcluded(Utf8JsonWriter json)
    {
        if (Plan!.Excluded.Count == 0)
        {
            return;
        }

        json.WriteStartArray("should");
        for (var i = 0; i < Plan.Excluded.Count; i++)
        {
            var term = Plan.Excluded[i];
            WordQueries.Named(
                json,
                $"{Lacks}{WordName(i)}",
                j => WordQueries.Phrase(j, "without", term),
                j => WordQueries.Phrase(j, "no", term),
                j => WordQueries.Phrase(j, term, "free"));
            WordQueries.Named(json, $"{HasIt}{WordName(i)}", j => j.Term(new FieldTerm(IndexFields.NameText, term)));
        }

        json.WriteEndArray();
    }

    private static string WordName(int word) => word.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
