using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Ledger;

internal enum AddOutcome
{
    Added,

    /// <summary>Another job's, and seen by this one for the first time.</summary>
    NewlyKnown,
    Counted,
}

internal sealed partial class ItemWriter
{
    public IReadOnlyList<AddOutcome> AddVideos(long job, IReadOnlyList<VideoMetadata> videos)
    {
        var state = VideoLifecycle.Start();
        var inserted = _insert.ExecuteEach([.. videos.Select(video => (object?[])
            [video.Id.Value, (long)ItemKind.Video, job, null, (long)state.Outcome, (long)state.Stage, JsonSerializer.Serialize(video, EngineJson.Default.VideoMetadata)])]);
        var others = videos.Where((_, i) => inserted[i] == 0).ToList();
        var known = _session.Prepare("INSERT INTO known(job, item) SELECT @0, seq FROM item WHERE id = @1 AND job <> @0 ON CONFLICT(job, item) DO NOTHING", "it")
            .ExecuteEach([.. others.Select(video => (object?[])[job, video.Id.Value])]);
        _tallies.Add(job, ItemKind.Video, state, inserted.Sum());
        var other = 0;
        return [.. inserted.Select(rows => rows == 1 ? AddOutcome.Added : known[other++] == 1 ? AddOutcome.NewlyKnown : AddOutcome.Counted)];
    }

    public void Restate(IReadOnlyList<Restatement> restatements, long now)
    {
        Lock([.. restatements.Select(restatement => restatement.Item)]);
        foreach (var restatement in restatements)
        {
            Restate(restatement, now);
        }
    }

    /// <summary>Moves videos whose clips are all settled to their end.</summary>
    /// <param name="videos">The videos, or null for every one that waits.</param>
    public int Settle(IReadOnlyList<long>? videos)
    {
        // The terms of the index item_settled, word for word.
        var sql = $"SELECT {ItemRow.Columns} FROM item WHERE outcome = 1 AND kind = 1 AND open_children = 0";
        var due = videos is null
            ? Read(_session.Prepare($"{sql} ORDER BY seq{_session.Dialect.ForUpdate}"))
            : Read(_session.Prepare($"{sql} AND seq {_session.Dialect.In(0)} ORDER BY seq{_session.Dialect.ForUpdate}", "I"), videos);
        foreach (var item in due)
        {
            SetState(item, VideoLifecycle.Apply(item.State, new LifeEvent.ClipsSettled(), RetryPolicy.Default).State);
        }

        return due.Count;
    }

    public int Reschedule(IReadOnlyList<long> items, string owner, long dueAt, bool keepLease) => _session.Prepare(
        $"UPDATE item SET due_at = @0{(keepLease ? "" : ", lease_owner = NULL")} WHERE seq {_session.Dialect.Found($"SELECT seq FROM item WHERE seq {_session.Dialect.In(1)} AND lease_owner = @2 AND outcome = 0 ORDER BY kind DESC, seq")}",
        "iIt").Execute(dueAt, items, owner);

    public int MarkDuplicates(IReadOnlyDictionary<long, (string Of, double Distance)> duplicates, double threshold, long now)
    {
        var marked = new Dictionary<long, string>();
        using (var reader = _session.Prepare("SELECT seq, duplicate_of FROM item WHERE duplicate_of IS NOT NULL").Read())
        {
            while (reader.Read())
            {
                marked[reader.GetInt64(0)] = reader.GetString(1);
            }
        }

        var mark = _session.Prepare("UPDATE item SET duplicate_of = @1 WHERE seq = @0", "it");
        foreach (var seq in marked.Keys.Union(duplicates.Keys).Order())
        {
            if (!duplicates.TryGetValue(seq, out var duplicate))
            {
                mark.Queue(seq, null);
                Log(seq, new Decision(StageId.Duplicates, DecisionVerdict.Passed, "no-longer-a-duplicate", null, threshold, ""), now);
            }
            else if (marked.GetValueOrDefault(seq) != duplicate.Of)
            {
                mark.Queue(seq, duplicate.Of);
                Log(seq, new Decision(StageId.Duplicates, DecisionVerdict.Duplicate, "duplicate-of " + duplicate.Of, duplicate.Distance, threshold, ""), now);
            }
        }

        return duplicates.Count;
    }

    private static List<LedgerItem> Read(Statement statement, params ReadOnlySpan<object?> values)
    {
        var items = new List<LedgerItem>();
        using var reader = statement.Read(values);
        while (reader.Read())
        {
            items.Add(ItemRow.Read(reader));
        }

        return items;
    }

    private LedgerItem? Load(long seq) => Read(_item, seq).FirstOrDefault();

    /// <summary>Locks what is to be changed, and the videos of clips, in the order of all writers.</summary>
    private void Lock(IReadOnlyList<LedgerItem> items)
    {
        if (_session.Dialect.WritesAlone)
        {
            return;
        }

        var locking = _session.Prepare($"SELECT seq FROM item WHERE seq {_session.Dialect.In(0)} ORDER BY seq{_session.Dialect.ForUpdate}", "I");
        locking.Execute(items.Where(item => item.Kind == ItemKind.Clip).Select(item => item.Seq).ToArray());
        locking.Execute(items.Select(item => item.Parent ?? item.Seq).Distinct().ToArray());
    }

    private void SetState(LedgerItem item, LifeState state)
    {
        _set.Queue((long)state.Outcome, (long)state.Stage, (long)state.Attempts, state.Reason, state.Score, 0L, item.Seq);
        _tallies.Add(item.Job, item.Kind, item.State, -1);
        _tallies.Add(item.Job, item.Kind, state, +1);
        _changed(item.Seq);
    }

    private void Restate(Restatement restatement, long now)
    {
        if (Load(restatement.Item.Seq) is not { } current)
        {
            return;
        }

        SetState(current, restatement.State);
        foreach (var decision in restatement.Decisions)
        {
            Log(current.Seq, decision, now);
        }

        if (restatement.Decisions.Count == 0 && current.State != restatement.State)
        {
            // Every change has its line: it is what a reader of the log goes by.
            Log(current.Seq, new Decision(restatement.State.Stage, DecisionVerdict.Reopened, null, null, null, ""), now);
        }

        if (current.Parent is { } video)
        {
            var change = (restatement.State.IsTerminal ? 0 : 1) - (current.State.IsTerminal ? 0 : 1);
            if (change != 0)
            {
                _openChildren.Queue(video, (long)change);
            }

            if (change > 0 && Load(video) is { } parent)
            {
                var reopened = VideoLifecycle.Apply(parent.State, new LifeEvent.ClipReopened(), RetryPolicy.Default);
                if (reopened.Changed)
                {
                    SetState(parent, reopened.State);
                }
            }
        }

        if (restatement.NewClips is { Count: > 0 } clips)
        {
            StartClips(current, clips);
        }
    }
}
