using System.Text.Json;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger;

public sealed partial class SqliteLedger
{
    private const string ClipColumns =
        "seq, id, job, outcome, stage, reason, duplicate_of IS NOT NULL, measured, category, refused, border, words, aesthetic, technical_shipped, technical_corrected";

    public Task<IndexMark> ReadClipsAsync(IndexMark? since, Action<ClipRow> clip) => ReadAsync(connection =>
    {
        // One snapshot for the mark and the rows; a ledger in memory is read by its writer, who is in a transaction already.
        using var transaction = _readConnection is null ? null : connection.BeginTransaction(deferred: true);
        var mark = connection.QuerySingle<IndexMark>("SELECT COALESCE((SELECT MAX(seq) FROM item), 0) AS Item, COALESCE((SELECT MAX(seq) FROM decision), 0) AS Decision", transaction: transaction);
        if (since == mark)
        {
            return mark;
        }

        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {ClipColumns} FROM item WHERE kind = 2 ORDER BY seq";
        if (since is not null)
        {
            // Every change of a clip's state writes a decision. The plus keeps the planner from reading all decisions of older items by their index.
            command.CommandText = $"""
                SELECT {ClipColumns} FROM item WHERE kind = 2 AND seq IN (SELECT item FROM decision WHERE seq > @decision AND +item <= @item)
                UNION ALL SELECT {ClipColumns} FROM item WHERE kind = 2 AND seq > @item ORDER BY 1
                """;
            command.Parameters.AddWithValue("@item", since.Item);
            command.Parameters.AddWithValue("@decision", since.Decision);
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            clip(ReadClip(reader));
        }

        return mark;
    });

    public IReadOnlyList<long> SearchCaptions(string text)
    {
        var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(word => word.Replace("\"", "", StringComparison.Ordinal)).Where(word => word.Any(char.IsLetterOrDigit)).ToList();
        if (words.Count == 0)
        {
            return [];
        }

        var query = string.Join(' ', words.Select(word => $"\"{word}\"*"));
        return ReadAsync(connection =>
        {
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT rowid FROM caption_search WHERE caption_search MATCH @query ORDER BY rowid";
            command.Parameters.AddWithValue("@query", query);
            using var reader = command.ExecuteReader();
            var found = new List<long>();
            while (reader.Read())
            {
                found.Add(reader.GetInt64(0));
            }

            return found;
        }).GetAwaiter().GetResult();
    }

    public Task EditCaptionAsync(long item, string brief, string detailed, string editor) => _committer.RunAsync(transaction =>
    {
        var stored = _writer.QuerySingleOrDefault<(string Data, string Scores)>(
            "SELECT data, scores FROM measurement WHERE item = @item AND stage = @stage", new { item, stage = (long)StageId.Caption }, transaction);
        var scores = stored.Scores is null ? [] : JsonSerializer.Deserialize(stored.Scores, EngineJson.Default.DictionaryStringDouble)!;
        if (stored.Data is null || scores.GetValueOrDefault("refused") > 0)
        {
            throw new LedgerException("The clip has no caption yet; it can be edited when the caption stage has passed it.");
        }

        var edited = CaptionData.Read(stored.Data).Edited(brief, detailed);
        var (data, now) = (StageData.Write(edited), Now());
        foreach (var (name, words) in edited.WordCounts)
        {
            scores[name] = words;
        }

        _writer.Execute(
            "UPDATE measurement SET data = @data, scores = @scores WHERE item = @item AND stage = @stage",
            new { data, scores = JsonSerializer.Serialize(scores, EngineJson.Default.DictionaryStringDouble), item, stage = (long)StageId.Caption }, transaction);
        _writer.Execute(
            "INSERT INTO caption_edit(item, at, editor, before_data, after_data) VALUES (@item, @now, @editor, @before, @data)", new { item, now, editor, before = stored.Data, data }, transaction);
        _items.SetSearchText(transaction, item, edited.SearchText);
        _items.Log(transaction, item, new Decision(StageId.Caption, DecisionVerdict.Edited, "edited by " + editor, null, null, edited.Model), now);
        return 0;
    });

    public Task SetWordsAsync(IReadOnlyDictionary<long, int> words) => _committer.RunAsync(transaction =>
        _writer.Execute("UPDATE item SET words = @Value WHERE seq = @Key", words, transaction));

    public IReadOnlyList<ThroughputRow> Throughput(int span, long from, long? job, long? part = null) => ReadAsync(connection =>
    {
        var columns = part is null
            ? "start, stage, job, passed, rejected, failed, busy"
            : "start / @part * @part AS start, stage, 0 AS job, SUM(passed) AS passed, SUM(rejected) AS rejected, SUM(failed) AS failed, SUM(busy) AS busy";
        IReadOnlyList<ThroughputRow> rows = [.. connection.Query<(long Start, long Stage, long Job, long Passed, long Rejected, long Failed, double Busy)>(
            $"""
            SELECT {columns} FROM throughput WHERE span = @span AND throughput.start >= @from{(job is null ? "" : " AND throughput.job = @job")}
            {(part is null ? "" : "GROUP BY throughput.start / @part, stage")} ORDER BY 1, 2, 3
            """,
            new { span, from, job, part })
            .Select(row => new ThroughputRow(row.Start, (StageId)row.Stage, row.Job, row.Passed, row.Rejected, row.Failed, row.Busy))];
        return rows;
    }).GetAwaiter().GetResult();

    public long? FirstThroughput(int span, long? job) => ReadAsync(connection =>
        connection.ExecuteScalar<long?>($"SELECT MIN(start) FROM throughput WHERE span = @span{(job is null ? "" : " AND job = @job")}", new { span, job })).GetAwaiter().GetResult();

    private static ClipRow ReadClip(SqliteDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2),
        new LifeState((Outcome)row.GetInt32(3), (StageId)row.GetInt32(4), 0, row.IsDBNull(5) ? null : row.GetString(5)), row.GetInt64(6) != 0,
        new ClipFeatures(
            row.GetInt32(7), row.IsDBNull(8) ? null : row.GetInt32(8), row.IsDBNull(9) ? null : row.GetInt64(9) != 0, Number(row, 10), row.IsDBNull(11) ? null : row.GetInt32(11),
            Number(row, 12), Number(row, 13), Number(row, 14)));

    private static double? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
