namespace MedGenCluster.Engine.Ledger.Sqlite;

internal sealed class SqliteDialect : Dialect
{
    public static readonly SqliteDialect Instance = new();

    public override bool WritesAlone => true;

    public override string ForUpdate => "";

    public override string? TakeTurn => null;

    public override string Mark => "SELECT COALESCE((SELECT MAX(seq) FROM item), 0) AS Item, COALESCE((SELECT MAX(seq) FROM decision), 0) AS Decision";

    // Every change of a clip's state writes a decision. The plus keeps the planner from reading all decisions of older items by their index.
    public override string ChangedSince =>
        "IN (SELECT item FROM decision WHERE seq > @decision AND +item <= @item UNION ALL SELECT seq FROM item WHERE seq > @item)";

    public override string StoreWords => "INSERT OR REPLACE INTO caption_search(rowid, text) VALUES (@0, @1)";

    public override string FindWords => "SELECT rowid FROM caption_search WHERE caption_search MATCH @query ORDER BY rowid";

    public override string In(int list) => $"IN (SELECT value FROM json_each(@{list}))";

    public override string NotIn(int list) => $"NOT IN (SELECT value FROM json_each(@{list}))";

    public override string Each(int list) => $"json_each(@{list}) AS k";

    public override string Found(string select) => $"IN ({select})";

    public override string Taken(Func<string, string> select, int keys, int limit) => $"IN ({select("@" + keys)} LIMIT @{limit})";

    public override bool TakesOneKey => true;

    public override string Words(string text) => text;

    public override string? Query(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Replace("\"", "", StringComparison.Ordinal)).Where(word => word.Any(char.IsLetterOrDigit)).ToList();
        return words.Count == 0 ? null : string.Join(' ', words.Select(word => $"\"{word}\"*"));
    }
}
