using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Leases items and reads what their stages need, on the writer's connection. Videos are kept for the clips that follow.</summary>
internal sealed class LeaseReader : IDisposable
{
    private const int MaxVideosKept = 512;
    private const string Columns =
        "seq, id, kind, job, parent, outcome, stage, attempts, reason, score, facts, media_sha, media_length, media_path, duplicate_of";

    private readonly Statement _lease;
    private readonly Statement _nextDue;
    private readonly Statement _item;
    private readonly Statement _measurements;
    private readonly Dictionary<long, LeasedItem> _videos = [];
    private readonly Dictionary<StageId, int> _turns = [];

    public LeaseReader(SqliteConnection connection)
    {
        _lease = new Statement(
            connection,
            $"""
             UPDATE item SET due_at = @0, lease_owner = @1
             WHERE seq IN (SELECT seq FROM item WHERE outcome = 0 AND stage = @2 AND job = @3 AND due_at <= @4 ORDER BY due_at, seq LIMIT @5)
             RETURNING {Columns}
             """,
            6);
        _nextDue = new Statement(connection, "SELECT MIN(due_at) FROM item WHERE outcome = 0 AND stage = @0 AND job = @1", 2);
        _item = new Statement(connection, $"SELECT {Columns} FROM item WHERE seq = @0", 1);
        _measurements = new Statement(connection, "SELECT stage, stage_version, model_version, scores, data FROM measurement WHERE item = @0", 1);
    }

    public List<LeasedItem> Lease(SqliteTransaction transaction, StageId stage, IReadOnlyList<long> jobs, int max, string owner, long now, long until)
    {
        // Each call of a stage begins with another job: a long crawl does not keep the others waiting.
        var items = new List<LedgerItem>();
        var first = _turns[stage] = (_turns.GetValueOrDefault(stage) + 1) & int.MaxValue;
        for (var i = 0; i < jobs.Count && items.Count < max; i++)
        {
            var job = jobs[(first + i) % jobs.Count];
            using var reader = _lease.Bind(transaction, until, owner, (long)stage, job, now, (long)(max - items.Count)).Read();
            while (reader.Read())
            {
                items.Add(ReadItem(reader));
            }
        }

        items.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        return items.ConvertAll(item => new LeasedItem(item, Measurements(transaction, item.Seq), item.Parent is { } video ? Video(transaction, video) : null));
    }

    public DateTimeOffset? NextDue(SqliteTransaction transaction, StageId stage, IReadOnlyList<long> jobs)
    {
        var next = jobs.Min(job => _nextDue.Bind(transaction, (long)stage, job).Scalar());
        return next is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    public void Forget(long video) => _videos.Remove(video);

    public void ForgetAll() => _videos.Clear();

    public void Dispose()
    {
        _lease.Dispose();
        _nextDue.Dispose();
        _item.Dispose();
        _measurements.Dispose();
    }

    internal static LedgerItem ReadItem(SqliteDataReader row) => new(
        row.GetInt64(0),
        row.GetString(1),
        (ItemKind)row.GetInt32(2),
        row.GetInt64(3),
        row.IsDBNull(4) ? null : row.GetInt64(4),
        new LifeState(
            (Outcome)row.GetInt32(5), (StageId)row.GetInt32(6), row.GetInt32(7), row.IsDBNull(8) ? null : row.GetString(8), row.IsDBNull(9) ? null : row.GetDouble(9)),
        row.GetString(10),
        row.IsDBNull(11) ? null : new MediaRef(row.GetString(11), row.GetInt64(12)),
        row.IsDBNull(13) ? null : row.GetString(13),
        row.IsDBNull(14) ? null : row.GetString(14));

    internal static StoredMeasurements ReadMeasurements(SqliteConnection connection, long item)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT stage, stage_version, model_version, scores, data FROM measurement WHERE item = @item";
        command.Parameters.AddWithValue("@item", item);
        using var reader = command.ExecuteReader();
        return ReadMeasurements(reader);
    }

    private static StoredMeasurements ReadMeasurements(SqliteDataReader reader)
    {
        var rows = new List<StoredMeasurement>();
        while (reader.Read())
        {
            rows.Add(new StoredMeasurement(
                (StageId)reader.GetInt32(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.IsDBNull(4) ? null : reader.GetString(4)));
        }

        return rows.Count == 0 ? StoredMeasurements.None : new StoredMeasurements(rows);
    }

    private StoredMeasurements Measurements(SqliteTransaction transaction, long item)
    {
        using var reader = _measurements.Bind(transaction, item).Read();
        return ReadMeasurements(reader);
    }

    private LeasedItem Video(SqliteTransaction transaction, long seq)
    {
        if (_videos.TryGetValue(seq, out var kept))
        {
            return kept;
        }

        if (_videos.Count >= MaxVideosKept)
        {
            _videos.Clear();
        }

        LedgerItem item;
        using (var reader = _item.Bind(transaction, seq).Read())
        {
            reader.Read();
            item = ReadItem(reader);
        }

        return _videos[seq] = new LeasedItem(item, Measurements(transaction, seq), null);
    }
}
