using System.Data.Common;
using System.Text.Json;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    private const string ClipColumns =
        "seq, id, job, outcome, stage, reason, duplicate_of, measured, category, refused, border, words, aesthetic, technical_shipped, technical_corrected";

    public Task<IndexMark> ReadClipsAsync(IndexMark? since, Action<ClipRow> clip) => ReadAsync(connection =>
    {
        // One view for the mark and the rows.
        using var snapshot = Snapshot(connection);
        var mark = connection.QuerySingle<IndexMark>(_session.Dialect.Mark);
        if (since == mark && _session.Dialect.WritesAlone)
        {
            return mark;
        }

        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {ClipColumns} FROM item WHERE kind = 2 ORDER BY seq";
        if (since is not null)
        {
            command.CommandText = $"SELECT {ClipColumns} FROM item WHERE kind = 2 AND seq {_session.Dialect.ChangedSince} ORDER BY seq";
            command.Add("@item", since.Item);
            command.Add("@decision", since.Decision);
        }

        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            clip(ReadClip(reader));
        }

        return mark;
    });

    public IReadOnlyList<long> SearchCaptions(string text) => _session.Dialect.Query(text) is not { } query
        ? []
        : Read(connection => (IReadOnlyList<long>)[.. connection.Query<long>(_session.Dialect.FindWords, new { query })]);

    public Task EditCaptionAsync(long item, string brief, string detailed, string editor) => RunAsync(
        now =>
        {
            var (data, scores) = Caption(item);
            if (data is null || scores.GetValueOrDefault("refused") > 0)
            {
                throw new LedgerException("The clip has no caption yet; it can be edited when the caption stage has passed it.");
            }

            var edited = CaptionData.Read(data).Edited(brief, detailed);
            foreach (var (name, words) in edited.WordCounts)
            {
                scores[name] = words;
            }

            var after = StageData.Write(edited);
            _session.Prepare("UPDATE measurement SET data = @2, scores = @3 WHERE item = @0 AND stage = @1", "iitt")
                .Queue(item, (long)StageId.Caption, after, JsonSerializer.Serialize(scores, EngineJson.Default.DictionaryStringDouble));
            _session.Prepare("INSERT INTO caption_edit(item, at, editor, before_data, after_data) VALUES (@0, @1, @2, @3, @4)", "iittt").Queue(item, now, editor, data, after);
            _items.SetSearchText(item, edited.SearchText);
            _items.Log(item, new Decision(StageId.Caption, DecisionVerdict.Edited, "edited by " + editor, null, null, edited.Model), now);
            return 0;
        },
        alone: true);

    public Task SetWordsAsync(IReadOnlyDictionary<long, int> words) => RunAsync(
        _ =>
        {
            var set = _session.Prepare("UPDATE item SET words = @1 WHERE seq = @0", "ii");
            foreach (var (item, count) in words.OrderBy(pair => pair.Key))
            {
                set.Queue(item, (long)count);
            }

            return words.Count;
        },
        alone: true);

    public IReadOnlyList<ThroughputRow> Throughput(int span, long from, long? job, long? part = null) => Read(connection =>
    {
        var columns = part is null
            ? "start, stage, job, passed, rejected, failed, busy"
            : "start / @part * @part, stage, CAST(0 AS BIGINT), CAST(SUM(passed) AS BIGINT), CAST(SUM(rejected) AS BIGINT), CAST(SUM(failed) AS BIGINT), SUM(busy)";
        IReadOnlyList<ThroughputRow> rows = [.. connection.Query<(long Start, long Stage, long Job, long Passed, long Rejected, long Failed, double Busy)>(
            $"""
            SELECT {columns} FROM throughput WHERE span = @span AND throughput.start >= @from{(job is null ? "" : " AND throughput.job = @job")}
            {(part is null ? "" : "GROUP BY throughput.start / @part, stage")} ORDER BY 1, 2, 3
            """,
            new { span, from, job, part })
            .Select(row => new ThroughputRow(row.Start, (StageId)row.Stage, row.Job, row.Passed, row.Rejected, row.Failed, row.Busy))];
        return rows;
    });

    public long? FirstThroughput(int span, long? job) => Read(connection =>
        connection.ExecuteScalar<long?>($"SELECT MIN(start) FROM throughput WHERE span = @span{(job is null ? "" : " AND job = @job")}", new { span, job }));

    /// <summary>A clip's stored caption, locked until the transaction ends.</summary>
    private (string? Data, Dictionary<string, double> Scores) Caption(long item)
    {
        using var reader = _session.Prepare($"SELECT data, scores FROM measurement WHERE item = @0 AND stage = @1{_session.Dialect.ForUpdate}", "ii").Read(item, (long)StageId.Caption);
        return reader.Read()
            ? (reader.IsDBNull(0) ? null : reader.GetString(0), JsonSerializer.Deserialize(reader.GetString(1), EngineJson.Default.DictionaryStringDouble)!)
            : (null, []);
    }

    private static ClipRow ReadClip(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetInt64(2),
        new LifeState((Outcome)row.GetInt64(3), (StageId)row.GetInt64(4), 0, row.IsDBNull(5) ? null : row.GetString(5)), !row.IsDBNull(6),
        new ClipFeatures(
            (int)row.GetInt64(7), Whole(row, 8), row.IsDBNull(9) ? null : row.GetInt64(9) != 0, Real(row, 10), Whole(row, 11), Real(row, 12), Real(row, 13), Real(row, 14)));

    private static int? Whole(DbDataReader row, int column) => row.IsDBNull(column) ? null : (int)row.GetInt64(column);

    private static double? Real(DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
