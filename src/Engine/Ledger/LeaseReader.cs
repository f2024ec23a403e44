using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Leases items and reads what their stages need, on the writer's connection. Videos are kept for the clips that follow.</summary>
internal sealed class LeaseReader : IDisposable
{
    /// <summary>An item's slot, as its index has it, word for word.</summary>
    private static readonly string Slot = $"(COALESCE(parent, seq) % {ShardSlots.Count})";
    private const int MaxVideosKept = 512;
    private const string Columns =
        "seq, id, kind, job, parent, outcome, stage, attempts, reason, score, facts, media_sha, media_length, media_path, duplicate_of";

    private readonly Statement _lease;
    private readonly Statement _nextDue;
    private readonly Statement _leaseSlot;
    private readonly Statement _nextDueOfSlot;
    private readonly Statement _item;
    private readonly Statement _measurements;
    private readonly Dictionary<long, LeasedItem> _videos = [];
    private readonly Dictionary<StageId, int> _turns = [];
    private int _turn;

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
        _leaseSlot = new Statement(
            connection,
            $"""
             UPDATE item SET due_at = @0, lease_owner = @1
             WHERE seq IN (SELECT seq FROM item WHERE outcome = 0 AND job = @2 AND {Slot} = @3 AND kind = @4 AND due_at <= @5 ORDER BY due_at, seq LIMIT @6)
             RETURNING {Columns}
             """,
            7);
        _nextDueOfSlot = new Statement(connection, $"SELECT MIN(due_at) FROM item WHERE outcome = 0 AND job = @0 AND {Slot} = @1 AND kind = @2", 3);
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

        return WithKnowledge(transaction, items);
    }

    public List<LeasedItem> LeaseSlice(SqliteTransaction transaction, long job, ShardSlots slots, ItemKind kind, int max, string owner, long now, long until)
    {
        var items = new List<LedgerItem>();
        var width = slots.End - slots.First;
        var first = _turn = (_turn + 1) & int.MaxValue;
        for (var i = 0; i < width && items.Count < max; i++)
        {
            var slot = slots.First + ((first + i) % width);
            using var reader = _leaseSlot.Bind(transaction, until, owner, job, (long)slot, (long)kind, now, (long)(max - items.Count)).Read();
            while (reader.Read())
            {
                items.Add(ReadItem(reader));
            }
        }

        return WithKnowledge(transaction, items);
    }

    public DateTimeOffset? NextDueOfSlice(SqliteTransaction transaction, long job, ShardSlots slots, ItemKind kind)
    {
        var next = Enumerable.Range(slots.First, slots.End - slots.First).Min(slot => _nextDueOfSlot.Bind(transaction, job, (long)slot, (long)kind).Scalar());
        return next is { } at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;
    }

    public LeasedItem? Load(SqliteTransaction transaction, long seq)
    {
        LedgerItem item;
        using (var reader = _item.Bind(transaction, seq).Read())
        {
            if (!reader.Read())
            {
                return null;
            }

            item = ReadItem(reader);
        }

        return WithKnowledge(transaction, [item])[0];
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
        _leaseSlot.Dispose();
        _nextDueOfSlot.Dispose();
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

    private List<LeasedItem> WithKnowledge(SqliteTransaction transaction, List<LedgerItem> items)
    {
        items.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        return items.ConvertAll(item => new LeasedItem(item, Measurements(transaction, item.Seq), item.Parent is { } video ? Video(transaction, video) : null));
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
