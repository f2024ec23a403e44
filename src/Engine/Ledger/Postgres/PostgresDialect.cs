using System.Globalization;
using System.Text;

namespace MedGenCluster.Engine.Ledger.Postgres;

internal sealed class PostgresDialect : Dialect
{
    public static readonly PostgresDialect Instance = new();

    /// <summary>PostgreSQL stores lexemes of less than 2 KB and positions up to 16383.</summary>
    private const int MaxWordLength = 400;
    private const int MaxWords = 16_383;

    public override bool WritesAlone => false;

    public override string ForUpdate => " FOR UPDATE";

    // The first number names the ledger among the advisory locks of its database.
    public override string? TakeTurn => $"SELECT pg_advisory_xact_lock({PostgresMigrations.LockName}, CAST(@0 AS INT))";

    // Transactions end in another order than they begin: what is certainly read is what the oldest one under way comes after. Rows above it are read again, which does no harm.
    public override string Mark => "SELECT CAST(0 AS BIGINT) AS item, CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS TEXT) AS BIGINT) AS decision";

    // An array is looked up by number, where the planner would read all items beside the few that changed.
    public override string ChangedSince =>
        "= ANY(ARRAY(SELECT item FROM decision WHERE xid >= CAST(CAST(@decision AS TEXT) AS XID8) UNION SELECT seq FROM item WHERE xid >= CAST(CAST(@decision AS TEXT) AS XID8)))";

    public override string StoreWords => $"INSERT INTO caption_search(item, words) VALUES (@0, CAST({Folded("@1")} AS TSVECTOR)) ON CONFLICT(item) DO UPDATE SET words = excluded.words";

    public override string FindWords => $"SELECT item FROM caption_search WHERE words @@ CAST({Folded("@query")} AS TSQUERY) ORDER BY item";

    public override string In(int list) => $"= ANY(@{list})";

    public override string NotIn(int list) => $"<> ALL(@{list})";

    public override string Each(int list) => $"unnest(@{list}) AS k(value)";

    // An array is made once, where a SELECT under IN could be run again for each row and lock others.
    public override string Found(string select) => $"= ANY(ARRAY({select} FOR UPDATE))";

    public override string Taken(Func<string, string> select, int keys, int limit) =>
        $"= ANY(ARRAY(SELECT due.seq FROM {Each(keys)}, LATERAL ({select("k.value")} LIMIT @{limit} FOR UPDATE SKIP LOCKED) AS due LIMIT @{limit}))";

    public override bool TakesOneKey => false;

    public override string Words(string text) => string.Join(' ', Split(text).Take(MaxWords).Select((word, index) => string.Create(CultureInfo.InvariantCulture, $"'{word}':{index + 1}")));

    public override string? Query(string text)
    {
        // A word of the text may hold several, as "x-ray" does: they stand side by side, and the last one may go on.
        var terms = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(Split).Where(words => words.Count > 0)
            .Select(words => string.Join(" <-> ", words.Select(word => $"'{word}'")) + ":*").ToList();
        return terms.Count == 0 ? null : string.Join(" & ", terms);
    }

    // The program runs without tables of what letters are made of; the server has them.
    private static string Folded(string text) => $"regexp_replace(normalize({text}, NFD), '[\\u0300-\\u036F]', '', 'g')";

    /// <summary>Runs of letters and digits in lower case, as SQLite's unicode61 makes them; none holds a character that PostgreSQL reads as its own.</summary>
    private static List<string> Split(string text)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is <= UnicodeCategory.OtherLetter or UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber or UnicodeCategory.PrivateUse)
            {
                word.Append(Rune.ToLowerInvariant(rune).ToString());
            }
            else if (rune.Value is >= 0x300 and <= 0x36F && word.Length > 0)
            {
                // A mark on the letter before it.
                word.Append(rune.ToString());
            }
            else
            {
                End();
            }
        }

        End();
        return words;

        void End()
        {
            if (word.Length > 0)
            {
                words.Add(word.ToString(0, Math.Min(word.Length, MaxWordLength)));
                word.Clear();
            }
        }
    }
}
