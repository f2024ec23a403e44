using System.Data.Common;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages.Caption;

namespace MedGenCluster.Engine.Ledger;

public abstract partial class SqlLedger
{
    public Task<LedgerItem?> FindAsync(string id) => ReadAsync(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {ItemRow.Columns} FROM item WHERE id = @id";
        command.Add("@id", id);
        using var reader = command.ExecuteReader();
        return reader.Read() ? ItemRow.Read(reader) : null;
    });

    public IReadOnlyList<LedgerItem> ItemsBySeq(IReadOnlyList<long> items) => Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {ItemRow.Columns} FROM item WHERE seq = @seq";
        var seq = command.Add("@seq", 0L);
        var rows = new List<LedgerItem>(items.Count);
        foreach (var item in items)
        {
            seq.Value = item;
            using var reader = command.ExecuteReader();
            if (reader.Read())
            {
                rows.Add(ItemRow.Read(reader));
            }
        }

        return (IReadOnlyList<LedgerItem>)rows;
    });

    public IReadOnlyList<CaptionEdit> CaptionEdits(long item) => Read(connection =>
    {
        IReadOnlyList<CaptionEdit> edits = [.. connection.Query<(long At, string Editor, string Before, string After)>(
            "SELECT at, editor, before_data, after_data FROM caption_edit WHERE item = @item ORDER BY seq", new { item })
            .Select(row => new CaptionEdit(DateTimeOffset.FromUnixTimeMilliseconds(row.At), row.Editor, CaptionData.Read(row.Before), CaptionData.Read(row.After)))];
        return edits;
    });

    public IEnumerable<LedgerItem> Items(ItemQuery query)
    {
        const int page = 1000;
        var after = query.After ?? "";
        var left = query.Limit;
        while (left > 0)
        {
            var rows = Read(connection => Page(connection, query, after, Math.Min(page, left)));
            foreach (var row in rows)
            {
                yield return row;
            }

            if (rows.Count < page)
            {
                yield break;
            }

            left -= rows.Count;
            after = rows[^1].Id;
        }
    }

    public IReadOnlyList<SourceItem.Skipped> Skipped(long job, int limit = int.MaxValue) => Read(connection =>
    {
        IReadOnlyList<SourceItem.Skipped> skipped = [.. connection.Query<(string Where, string Reason)>(
            "SELECT position, reason FROM skipped WHERE job = @job ORDER BY seq LIMIT @limit", new { job, limit })
            .Select(row => new SourceItem.Skipped(row.Where, row.Reason))];
        return skipped;
    });

    public IMeasurements Measurements(long item) => Read(connection =>
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT stage, stage_version, model_version, scores, data FROM measurement WHERE item = @item";
        command.Add("@item", item);
        using var reader = command.ExecuteReader();
        var rows = new List<StoredMeasurement>();
        while (reader.Read())
        {
            rows.Add(LeaseReader.ReadMeasurement(reader));
        }

        return rows.Count == 0 ? StoredMeasurements.None : new StoredMeasurements(rows);
    });

    public IReadOnlyList<LoggedDecision> Trail(long item) => Read(connection =>
    {
        IReadOnlyList<LoggedDecision> trail = [.. connection.Query(
            "SELECT stage, verdict, reason, score, threshold, model_version, at FROM decision WHERE item = @item ORDER BY seq", new { item })
            .Select(row => new LoggedDecision(
                new Decision((StageId)(long)row.stage, (DecisionVerdict)(long)row.verdict, (string?)row.reason, (double?)row.score, (double?)row.threshold, (string)row.model_version),
                DateTimeOffset.FromUnixTimeMilliseconds((long)row.at)))];
        return trail;
    });

    private static List<LedgerItem> Page(DbConnection connection, ItemQuery query, string after, int limit)
    {
        using var command = connection.CreateCommand();
        var where = new List<string> { "id > @after" };
        command.Add("@after", after);
        void Filter(string column, long? value)
        {
            if (value is { } v)
            {
                where.Add($"{column} = @{column}");
                command.Add("@" + column, v);
            }
        }

        if (query.Outcome is not (null or Outcome.Active))
        {
            // Names the index of ended items.
            where.Add("outcome <> 0");
        }

        Filter("kind", (long?)query.Kind);
        Filter("job", query.Job);
        Filter("outcome", (long?)query.Outcome);
        Filter("stage", (long?)query.Stage);
        Filter("parent", query.Parent);
        if (query.Reason is { } reason)
        {
            where.Add("reason = @reason");
            command.Add("@reason", reason);
        }

        command.CommandText = $"SELECT {ItemRow.Columns} FROM item WHERE {string.Join(" AND ", where)} ORDER BY id LIMIT {limit}";
        using var reader = command.ExecuteReader();
        var rows = new List<LedgerItem>();
        while (reader.Read())
        {
            rows.Add(ItemRow.Read(reader));
        }

        return rows;
    }
}
