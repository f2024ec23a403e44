using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Counts of items by state: gathered during a transaction, written with it, mirrored in memory after it.</summary>
internal sealed class TallyBook(LedgerSession session)
{
    private readonly Dictionary<Key, long> _pending = [];
    private readonly Dictionary<Key, long> _counts = [];
    private readonly Lock _lock = new();

    private readonly record struct Key(long Job, ItemKind Kind, Outcome Outcome, StageId Stage, string Reason);

    /// <summary>Reads what is committed; what the running transaction gathered comes on top when it is confirmed.</summary>
    public void Load()
    {
        using var reader = session.Prepare("SELECT job, kind, outcome, stage, reason, n FROM tally").Read();
        lock (_lock)
        {
            _counts.Clear();
            while (reader.Read())
            {
                var key = new Key(reader.GetInt64(0), (ItemKind)reader.GetInt64(1), (Outcome)reader.GetInt64(2), (StageId)reader.GetInt64(3), reader.GetString(4));
                _counts[key] = reader.GetInt64(5);
            }
        }
    }

    public void Add(long job, ItemKind kind, LifeState state, long change)
    {
        // Failures carry free text; only rejections have a bounded set of reasons.
        var reason = state.Outcome == Outcome.Rejected ? state.Reason ?? "" : "";
        var key = new Key(job, kind, state.Outcome, state.Stage, reason);
        _pending[key] = _pending.GetValueOrDefault(key) + change;
    }

    public void Write()
    {
        var upsert = session.Prepare(
            """
            INSERT INTO tally(job, kind, outcome, stage, reason, n) VALUES (@0, @1, @2, @3, @4, @5)
            ON CONFLICT(job, kind, outcome, stage, reason) DO UPDATE SET n = tally.n + excluded.n
            """,
            "iiiiti");

        // In one order, so that no two writers wait for each other.
        foreach (var (key, change) in _pending.Where(pair => pair.Value != 0)
            .OrderBy(pair => pair.Key.Job).ThenBy(pair => pair.Key.Kind).ThenBy(pair => pair.Key.Outcome).ThenBy(pair => pair.Key.Stage).ThenBy(pair => pair.Key.Reason, StringComparer.Ordinal))
        {
            upsert.Queue(key.Job, (long)key.Kind, (long)key.Outcome, (long)key.Stage, key.Reason, change);
        }
    }

    /// <summary>The transaction is committed.</summary>
    public void Confirm()
    {
        if (_pending.Count == 0)
        {
            return;
        }

        lock (_lock)
        {
            foreach (var (key, change) in _pending)
            {
                _counts[key] = _counts.GetValueOrDefault(key) + change;
            }
        }

        _pending.Clear();
    }

    /// <summary>The transaction is rolled back.</summary>
    public void Forget() => _pending.Clear();

    /// <summary>A job's items that wait for or are in a stage.</summary>
    public long Pending(long job, StageId stage)
    {
        lock (_lock)
        {
            return _counts.GetValueOrDefault(new Key(job, ItemKind.Video, Outcome.Active, stage, ""))
                + _counts.GetValueOrDefault(new Key(job, ItemKind.Clip, Outcome.Active, stage, ""));
        }
    }

    public IReadOnlyList<Tally> All()
    {
        lock (_lock)
        {
            return [.. _counts.Where(pair => pair.Value != 0)
                .Select(pair => new Tally(pair.Key.Job, pair.Key.Kind, pair.Key.Outcome, pair.Key.Stage, pair.Key.Reason, pair.Value))
                .OrderBy(t => t.Job).ThenBy(t => t.Kind).ThenBy(t => t.Stage).ThenBy(t => t.Outcome).ThenBy(t => t.Reason, StringComparer.Ordinal)];
        }
    }
}
