using System.Data.Common;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Clustering;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Leases items and reads what their stages need, inside a transaction of the writer. Where nobody else writes, videos are kept for the clips that follow.</summary>
internal sealed class LeaseReader
{
    private const int MaxVideosKept = 512;

    /// <summary>An item's slot, as its index has it, word for word.</summary>
    private static readonly string Slot = $"(COALESCE(parent, seq) % {ShardSlots.Count})";

    private readonly Dialect _dialect;
    private readonly Statement _lease;
    private readonly Statement _nextDue;
    private readonly Statement _leaseSlots;
    private readonly Statement _nextDueOfSlots;
    private readonly Statement _items;
    private readonly Statement _measurements;
    private readonly Dictionary<long, LeasedItem> _videos = [];
    private readonly Dictionary<StageId, int> _turns = [];
    private int _turn;

    public LeaseReader(LedgerSession session)
    {
        _dialect = session.Dialect;
        var keys = _dialect.TakesOneKey ? "i" : "I";
        _lease = session.Prepare(Lease(key => $"SELECT seq FROM item WHERE outcome = 0 AND stage = @5 AND job = {key} AND due_at <= @3 ORDER BY due_at, seq"), $"it{keys}iii");
        _leaseSlots = session.Prepare(
            Lease(key => $"SELECT seq FROM item WHERE outcome = 0 AND job = @5 AND {Slot} = {key} AND kind = @6 AND due_at <= @3 ORDER BY due_at, seq"), $"it{keys}iiii");
        _nextDue = session.Prepare($"SELECT MIN((SELECT MIN(due_at) FROM item WHERE outcome = 0 AND stage = @1 AND job = k.value)) FROM {_dialect.Each(0)}", "Ii");
        _nextDueOfSlots = session.Prepare(
            $"SELECT MIN((SELECT MIN(due_at) FROM item WHERE outcome = 0 AND job = @1 AND {Slot} = k.value AND kind = @2)) FROM {_dialect.Each(0)}", "Iii");
        _items = session.Prepare($"SELECT {ItemRow.Columns} FROM item WHERE seq {_dialect.In(0)}", "I");
        _measurements = session.Prepare($"SELECT stage, stage_version, model_version, scores, data, item FROM measurement WHERE item {_dialect.In(0)}", "I");

        string Lease(Func<string, string> due) => $"UPDATE item SET due_at = @0, lease_owner = @1 WHERE seq {_dialect.Taken(due, keys: 2, limit: 4)} RETURNING {ItemRow.Columns}";
    }

    public List<LeasedItem> Lease(StageId stage, IReadOnlyList<long> jobs, int max, string owner, long now, long until)
    {
        // Each call of a stage begins with another job: a long crawl does not keep the others waiting.
        var first = _turns[stage] = (_turns.GetValueOrDefault(stage) + 1) & int.MaxValue;
        return WithKnowledge(Take(_lease, jobs, first, max, owner, now, until, (long)stage));
    }

    public List<LeasedItem> LeaseSlice(long job, ShardSlots slots, ItemKind kind, int max, string owner, long now, long until)
    {
        var first = _turn = (_turn + 1) & int.MaxValue;
        return WithKnowledge(Take(_leaseSlots, Numbers(slots), first, max, owner, now, until, job, (long)kind));
    }

    /// <summary>When the next item of a stage is due, Unix milliseconds.</summary>
    public long? NextDue(StageId stage, IReadOnlyList<long> jobs) => _nextDue.Scalar(jobs, (long)stage);

    /// <summary>When the next item of a slice is due, Unix milliseconds.</summary>
    public long? NextDueOfSlice(long job, ShardSlots slots, ItemKind kind) => _nextDueOfSlots.Scalar(Numbers(slots), job, (long)kind);

    /// <summary>Items by their numbers, in their order; null where there is none.</summary>
    public IReadOnlyList<LeasedItem?> Load(IReadOnlyList<long> items)
    {
        var found = WithKnowledge(Read(items)).ToDictionary(item => item.Item.Seq);
        return [.. items.Select(found.GetValueOrDefault)];
    }

    public void Forget(long video) => _videos.Remove(video);

    public void ForgetAll() => _videos.Clear();

    internal static StoredMeasurement ReadMeasurement(DbDataReader row) =>
        new((StageId)row.GetInt64(0), (int)row.GetInt64(1), row.GetString(2), row.GetString(3), row.IsDBNull(4) ? null : row.GetString(4));

    private static long[] Numbers(ShardSlots slots) => [.. Enumerable.Range(slots.First, slots.End - slots.First)];

    /// <param name="first">Which key comes first.</param>
    private List<LedgerItem> Take(Statement lease, IReadOnlyList<long> keys, int first, int max, string owner, long now, long until, params ReadOnlySpan<object?> rest)
    {
        var items = new List<LedgerItem>();
        var turned = keys.Select((_, i) => keys[(first + i) % keys.Count]).ToArray();
        for (var i = 0; i < (_dialect.TakesOneKey ? turned.Length : 1) && items.Count < max; i++)
        {
            object key = _dialect.TakesOneKey ? turned[i] : turned;
            using var reader = lease.Read([until, owner, key, now, (long)(max - items.Count), .. rest]);
            while (reader.Read())
            {
                items.Add(ItemRow.Read(reader));
            }
        }

        return items;
    }

    private List<LedgerItem> Read(IReadOnlyCollection<long> seqs)
    {
        var items = new List<LedgerItem>(seqs.Count);
        if (seqs.Count > 0)
        {
            using var reader = _items.Read(seqs);
            while (reader.Read())
            {
                items.Add(ItemRow.Read(reader));
            }
        }

        return items;
    }

    private List<LeasedItem> WithKnowledge(List<LedgerItem> items)
    {
        items.Sort((a, b) => a.Seq.CompareTo(b.Seq));
        var parents = items.Select(item => item.Parent).OfType<long>().ToHashSet();
        if (!_dialect.WritesAlone || _videos.Count + parents.Count > MaxVideosKept)
        {
            _videos.Clear();
        }

        var videos = Read([.. parents.Where(video => !_videos.ContainsKey(video))]);
        var measurements = Measurements([.. items.Concat(videos).Select(item => item.Seq)]);
        foreach (var video in videos)
        {
            _videos[video.Seq] = new LeasedItem(video, Of(video), null);
        }

        return items.ConvertAll(item => new LeasedItem(item, Of(item), item.Parent is { } video ? _videos[video] : null));

        IMeasurements Of(LedgerItem item) => measurements.TryGetValue(item.Seq, out var rows) ? new StoredMeasurements(rows) : StoredMeasurements.None;
    }

    private Dictionary<long, List<StoredMeasurement>> Measurements(IReadOnlyCollection<long> items)
    {
        var found = new Dictionary<long, List<StoredMeasurement>>(items.Count);
        if (items.Count > 0)
        {
            using var reader = _measurements.Read(items);
            while (reader.Read())
            {
                var item = reader.GetInt64(5);
                if (!found.TryGetValue(item, out var rows))
                {
                    found[item] = rows = [];
                }

                rows.Add(ReadMeasurement(reader));
            }
        }

        return found;
    }
}
