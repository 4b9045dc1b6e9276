using System.Text;
using AiPlatform.Core.Access;
using AiPlatform.Core.Catalog;
using AiPlatform.Storage.Sql;
using SQLitePCL;

namespace AiPlatform.Bench.Search;

/// <summary>
/// SQLite FTS5 over the same products, in memory, as well as it can be asked: Porter stems, OR of the words, weighted bm25, prepared
/// statements through the C API, access rules as integers in a joined table. One thread.
/// </summary>
internal sealed class Fts5Peer : IDisposable
{
    // The access filter has the three clauses that the scopes have; a bit test is the cheapest form of "region is" and "group is".
    private const string Filter = " AND p.level <= ?2 AND (p.regions & ?3) <> 0 AND (p.teams & ?3) <> 0";
    private const string Match = " FROM f JOIN p ON p.rowid = f.rowid WHERE f MATCH ?1";
    private const string Order = " ORDER BY bm25(f, 6.0, 3.0, 1.0, 10.0, 1.0, 1.0) LIMIT 10";
    private const int Bit30 = 1;
    private const int Bit1 = 2;

    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _top;
    private readonly sqlite3_stmt _filteredTop;
    private readonly sqlite3_stmt _filteredBrands;
    private readonly StringBuilder _expression = new();

    public Fts5Peer(IEnumerable<Product> products)
    {
        SqliteLibrary.Use();
        Check(raw.sqlite3_open(":memory:", out _database));
        Execute("CREATE VIRTUAL TABLE f USING fts5(name, class, category, brand, description, features, content='', tokenize='porter unicode61')");
        Execute("CREATE TABLE p (rowid INTEGER PRIMARY KEY, id TEXT NOT NULL, brand TEXT NOT NULL, level INTEGER NOT NULL, regions INTEGER NOT NULL, teams INTEGER NOT NULL)");
        Fill(products);
        Execute("INSERT INTO f(f) VALUES ('optimize')");
        Execute("ANALYZE");
        _top = Prepare("SELECT p.id" + Match + Order);
        _filteredTop = Prepare("SELECT p.id" + Match + Filter + Order);
        _filteredBrands = Prepare("SELECT p.brand, count(*)" + Match + Filter + " GROUP BY p.brand");
    }

    /// <summary>From query text to at most ten ids.</summary>
    public int Search(string text, List<string> ids)
    {
        ids.Clear();
        return Expression(text) is { } expression ? Collect(_top, expression, null, ids) : 0;
    }

    /// <summary>The same under one of the two scopes.</summary>
    public int SearchFiltered(string text, bool thirty, List<string> ids)
    {
        ids.Clear();
        return Expression(text) is { } expression ? Collect(_filteredTop, expression, thirty, ids) : 0;
    }

    /// <summary>The same with the count of all matches and the ten most frequent brands.</summary>
    public int SearchWithBrands(string text, bool thirty, List<string> ids, List<FacetValue> brands)
    {
        ids.Clear();
        brands.Clear();
        if (Expression(text) is not { } expression)
        {
            return 0;
        }

        Collect(_filteredTop, expression, thirty, ids);
        Bind(_filteredBrands, expression, thirty);
        var total = 0;
        while (raw.sqlite3_step(_filteredBrands) == raw.SQLITE_ROW)
        {
            var count = raw.sqlite3_column_int(_filteredBrands, 1);
            total += count;
            brands.Add(new FacetValue(raw.sqlite3_column_text(_filteredBrands, 0).utf8_to_string(), count));
        }

        raw.sqlite3_reset(_filteredBrands);
        brands.Sort((a, b) => b.Count.CompareTo(a.Count));
        brands.RemoveRange(Math.Min(10, brands.Count), Math.Max(0, brands.Count - 10));
        return total;
    }

    public void Dispose()
    {
        _top.Dispose();
        _filteredTop.Dispose();
        _filteredBrands.Dispose();
        _database.Dispose();
    }

    private void Fill(IEnumerable<Product> products)
    {
        Execute("BEGIN");
        using var text = Prepare("INSERT INTO f(rowid, name, class, category, brand, description, features) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)");
        using var row = Prepare("INSERT INTO p(rowid, id, brand, level, regions, teams) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        var number = 0;
        foreach (var product in products)
        {
            number++;
            var features = string.Join(' ', product.Specifications.SelectMany(s => s.Value));
            Insert(text, number, product.Name, product.Class, string.Join(' ', product.CategoryPath), product.Brand, product.Description, features);
            var marks = AccessMarks.Of(product.Id);
            Insert(
                row, number, product.Id, product.Brand, (int)marks.Level,
                (marks.Region30 ? Bit30 : 0) | (marks.Region1 ? Bit1 : 0),
                (marks.Group30 ? Bit30 : 0) | (marks.Group1 ? Bit1 : 0));
        }

        Execute("COMMIT");
    }

    private void Insert(sqlite3_stmt statement, int number, params object[] values)
    {
        Check(raw.sqlite3_bind_int(statement, 1, number));
        for (var i = 0; i < values.Length; i++)
        {
            Check(values[i] is int value ? raw.sqlite3_bind_int(statement, i + 2, value) : raw.sqlite3_bind_text(statement, i + 2, (string)values[i]));
        }

        if (raw.sqlite3_step(statement) != raw.SQLITE_DONE)
        {
            throw new InvalidOperationException(raw.sqlite3_errmsg(_database).utf8_to_string());
        }

        raw.sqlite3_reset(statement);
    }

    private static int Collect(sqlite3_stmt statement, string expression, bool? thirty, List<string> ids)
    {
        Bind(statement, expression, thirty);
        while (raw.sqlite3_step(statement) == raw.SQLITE_ROW)
        {
            ids.Add(raw.sqlite3_column_text(statement, 0).utf8_to_string());
        }

        raw.sqlite3_reset(statement);
        return ids.Count;
    }

    private static void Bind(sqlite3_stmt statement, string expression, bool? thirty)
    {
        Check(raw.sqlite3_bind_text(statement, 1, expression));
        if (thirty is { } is30)
        {
            Check(raw.sqlite3_bind_int(statement, 2, (int)(is30 ? DataAccessLevel.Internal : DataAccessLevel.Public)));
            Check(raw.sqlite3_bind_int(statement, 3, is30 ? Bit30 : Bit1));
        }
    }

    /// <summary>The words of the query, quoted and joined by OR; null when there is none.</summary>
    private string? Expression(string text)
    {
        _expression.Clear();
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var inside = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (inside)
            {
                start = start < 0 ? i : start;
            }
            else if (start >= 0)
            {
                Append(text.AsSpan(start, i - start));
                start = -1;
            }
        }

        return _expression.Length == 0 ? null : _expression.ToString();
    }

    private void Append(ReadOnlySpan<char> word)
    {
        Span<char> lower = stackalloc char[word.Length];
        word.ToLowerInvariant(lower);
        if (!StopWords.Contains(lower))
        {
            _expression.Append(_expression.Length == 0 ? "\"" : " OR \"").Append(lower).Append('"');
        }
    }

    private sqlite3_stmt Prepare(string sql)
    {
        if (raw.sqlite3_prepare_v2(_database, sql, out var statement) != raw.SQLITE_OK)
        {
            throw new InvalidOperationException(raw.sqlite3_errmsg(_database).utf8_to_string());
        }

        return statement;
    }

    private void Execute(string sql)
    {
        using var statement = Prepare(sql);
        int code;
        do
        {
            code = raw.sqlite3_step(statement);
        }
        while (code == raw.SQLITE_ROW);

        if (code != raw.SQLITE_DONE)
        {
            throw new InvalidOperationException(raw.sqlite3_errmsg(_database).utf8_to_string());
        }
    }

    private static void Check(int code)
    {
        if (code != raw.SQLITE_OK)
        {
            throw new InvalidOperationException($"SQLite answered {code}.");
        }
    }
}
