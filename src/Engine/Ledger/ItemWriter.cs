using System.Text.Json;
using Dapper;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using Microsoft.Data.Sqlite;

namespace MedGenCluster.Engine.Ledger;

internal enum AddOutcome
{
    Added,

    /// <summary>Another job's, and seen by this one for the first time.</summary>
    NewlyKnown,
    Counted,
}

/// <summary>Every change of an item, inside a transaction of the writer; keeps the tallies in step.</summary>
internal sealed class ItemWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly TallyBook _tallies;
    private readonly Action<long> _changed;
    private readonly Statement _advance;
    private readonly Statement _set;
    private readonly Statement _insert;
    private readonly Statement _known;
    private readonly Statement _measure;
    private readonly Statement _decide;
    private readonly Statement _closeChild;
    private readonly Statement _openChildren;
    private readonly Statement _tally;
    private readonly Statement _item;
    private readonly Statement _search;
    private readonly ThroughputBook _throughput;

    /// <param name="changed">Told of every video that changes, so that no stale copy is handed out.</param>
    public ItemWriter(SqliteConnection connection, TallyBook tallies, Action<long> changed)
    {
        (_connection, _tallies, _changed) = (connection, tallies, changed);
        _advance = new Statement(
            connection,
            """
            UPDATE item SET outcome = @0, stage = @1, attempts = @2, reason = @3, score = @4, due_at = @5, lease_owner = @21,
                media_sha = COALESCE(@6, media_sha), media_length = COALESCE(@7, media_length), media_path = COALESCE(@8, media_path), facts = COALESCE(@12, facts),
                measured = measured | @13, category = COALESCE(@14, category), refused = COALESCE(@15, refused), border = COALESCE(@16, border), words = COALESCE(@17, words),
                aesthetic = COALESCE(@18, aesthetic), technical_shipped = COALESCE(@19, technical_shipped), technical_corrected = COALESCE(@20, technical_corrected)
            WHERE seq = @9 AND lease_owner = @10 AND outcome = 0 AND stage = @11
            """,
            22);
        _set = new Statement(
            connection, "UPDATE item SET outcome = @0, stage = @1, attempts = @2, reason = @3, score = @4, due_at = @5, lease_owner = NULL WHERE seq = @6", 7);
        _insert = new Statement(
            connection,
            """
            INSERT INTO item(id, kind, job, parent, outcome, stage, attempts, due_at, facts, open_children)
            VALUES (@0, @1, @2, @3, @4, @5, 0, 0, @6, 0) ON CONFLICT(id) DO NOTHING
            """,
            7);
        _known = new Statement(
            connection, "INSERT INTO known(job, item) SELECT @0, seq FROM item WHERE id = @1 AND job <> @0 ON CONFLICT(job, item) DO NOTHING", 2);
        _measure = new Statement(
            connection,
            """
            INSERT INTO measurement(item, stage, stage_version, model_version, scores, data, at) VALUES (@0, @1, @2, @3, @4, @5, @6)
            ON CONFLICT(item, stage) DO UPDATE SET stage_version = excluded.stage_version, model_version = excluded.model_version,
                scores = excluded.scores, data = excluded.data, at = excluded.at
            """,
            7);
        _decide = new Statement(
            connection, "INSERT INTO decision(item, stage, verdict, reason, score, threshold, model_version, at) VALUES (@0, @1, @2, @3, @4, @5, @6, @7)", 8);
        _closeChild = new Statement(connection, "UPDATE item SET open_children = open_children - 1 WHERE seq = @0 RETURNING open_children", 1);
        _openChildren = new Statement(connection, "UPDATE item SET open_children = open_children + @1 WHERE seq = @0", 2);
        _tally = new Statement(
            connection,
            """
            INSERT INTO tally(job, kind, outcome, stage, reason, n) VALUES (@0, @1, @2, @3, @4, @5)
            ON CONFLICT(job, kind, outcome, stage, reason) DO UPDATE SET n = n + excluded.n
            """,
            6);
        _search = new Statement(connection, "INSERT OR REPLACE INTO caption_search(rowid, text) VALUES (@0, @1)", 2);
        _throughput = new ThroughputBook(connection);
        _item = new Statement(
            connection,
            "SELECT seq, id, kind, job, parent, outcome, stage, attempts, reason, score, facts, media_sha, media_length, media_path, duplicate_of FROM item WHERE seq = @0",
            1);
    }

    /// <summary>Writes the counts that the transaction gathered.</summary>
    public void WriteCounts(SqliteTransaction transaction)
    {
        _tallies.Write(_tally, transaction);
        _throughput.Write(transaction);
    }

    /// <summary>The transaction is committed.</summary>
    public void Confirm()
    {
        _tallies.Confirm();
        _throughput.Forget();
    }

    /// <summary>The transaction is rolled back.</summary>
    public void Forget()
    {
        _tallies.Forget();
        _throughput.Forget();
    }

    public LedgerItem? Load(SqliteTransaction transaction, long seq)
    {
        using var reader = _item.Bind(transaction, seq).Read();
        return reader.Read() ? LeaseReader.ReadItem(reader) : null;
    }

    public AddOutcome AddVideo(SqliteTransaction transaction, long job, VideoMetadata video)
    {
        var state = VideoLifecycle.Start();
        var id = video.Id.Value;
        if (_insert.Bind(transaction, id, (long)ItemKind.Video, job, null, (long)state.Outcome, (long)state.Stage, JsonSerializer.Serialize(video, EngineJson.Default.VideoMetadata)).Execute() == 1)
        {
            _tallies.Add(job, ItemKind.Video, state, +1);
            return AddOutcome.Added;
        }

        return _known.Bind(transaction, job, id).Execute() == 1 ? AddOutcome.NewlyKnown : AddOutcome.Counted;
    }

    /// <param name="keep">How long an item that goes on at once stays leased.</param>
    /// <param name="settled">The clip's video when this was its last open clip, or the video itself when it planned nothing new; else null.</param>
    /// <returns>False where the lease was lost: nothing was done.</returns>
    public bool Complete(SqliteTransaction transaction, Completion completion, string owner, long now, TimeSpan? keep, out long? settled)
    {
        settled = null;
        var item = completion.Leased.Item;
        var state = completion.Transition.State;
        var kept = keep is not null && completion.Transition.Effects.Contains(Effect.RunStage);
        var changed = _advance.Bind(
            transaction, (long)state.Outcome, (long)state.Stage, (long)state.Attempts, state.Reason, state.Score,
            kept ? now + (long)keep!.Value.TotalMilliseconds : completion.DueAt, completion.Media?.Sha256, completion.Media?.Length, completion.MediaPath, item.Seq, owner, (long)item.State.Stage,
            completion.Video is { } video ? JsonSerializer.Serialize(video, EngineJson.Default.VideoMetadata) : null,
            (long)completion.Features.Measured, completion.Features.Category, completion.Features.Refused, completion.Features.Border, completion.Features.Words,
            completion.Features.Aesthetic, completion.Features.TechnicalAsShipped, completion.Features.TechnicalCorrected, kept ? owner : null).Execute();
        if (changed == 0)
        {
            return false;
        }

        _tallies.Add(item.Job, item.Kind, item.State, -1);
        _tallies.Add(item.Job, item.Kind, state, +1);
        if (completion.Measurement is { } measured)
        {
            Measure(transaction, item.Seq, measured, now);
        }

        if (completion.SearchText is { } text)
        {
            SetSearchText(transaction, item.Seq, text);
        }

        _throughput.Add(now, item.Job, completion.Decision, completion.Seconds);
        Log(transaction, item.Seq, completion.Decision, now);
        if (item.Kind == ItemKind.Video)
        {
            _changed(item.Seq);
        }

        if (completion.Transition.Effects.Contains(Effect.StartClips))
        {
            settled = StartClips(transaction, item, completion.Clips ?? []) == 0 ? item.Seq : null;
        }
        else if (completion.Transition.Effects.Contains(Effect.TellVideo) && item.Parent is { } parent && _closeChild.Bind(transaction, parent).Scalar() == 0)
        {
            settled = parent;
        }

        return true;
    }

    public void SetState(SqliteTransaction transaction, LedgerItem item, LifeState state, long dueAt)
    {
        _set.Bind(transaction, (long)state.Outcome, (long)state.Stage, (long)state.Attempts, state.Reason, state.Score, dueAt, item.Seq).Execute();
        _tallies.Add(item.Job, item.Kind, item.State, -1);
        _tallies.Add(item.Job, item.Kind, state, +1);
        _changed(item.Seq);
    }

    public void Restate(SqliteTransaction transaction, Restatement restatement, long now)
    {
        if (Load(transaction, restatement.Item.Seq) is not { } current)
        {
            return;
        }

        SetState(transaction, current, restatement.State, 0);
        foreach (var decision in restatement.Decisions)
        {
            Log(transaction, current.Seq, decision, now);
        }

        if (restatement.Decisions.Count == 0 && current.State != restatement.State)
        {
            // Every change has its line: it is what a reader of the log goes by.
            Log(transaction, current.Seq, new Decision(restatement.State.Stage, DecisionVerdict.Reopened, null, null, null, ""), now);
        }

        if (current.Parent is { } video)
        {
            var change = (restatement.State.IsTerminal ? 0 : 1) - (current.State.IsTerminal ? 0 : 1);
            if (change != 0)
            {
                _openChildren.Bind(transaction, video, (long)change).Execute();
            }

            if (change > 0 && Load(transaction, video) is { } parent)
            {
                var reopened = VideoLifecycle.Apply(parent.State, new LifeEvent.ClipReopened(), RetryPolicy.Default);
                if (reopened.Changed)
                {
                    SetState(transaction, parent, reopened.State, 0);
                }
            }
        }

        if (restatement.NewClips is { Count: > 0 } clips)
        {
            StartClips(transaction, current, clips);
        }
    }

    public int Reschedule(SqliteTransaction transaction, IReadOnlyList<long> items, string owner, long dueAt, bool keepLease) => _connection.Execute(
        $"UPDATE item SET due_at = @dueAt{(keepLease ? "" : ", lease_owner = NULL")} WHERE seq IN @items AND lease_owner = @owner AND outcome = 0",
        new { dueAt, items, owner }, transaction);

    public int MarkDuplicates(SqliteTransaction transaction, IReadOnlyDictionary<long, (string Of, double Distance)> duplicates, double threshold, long now)
    {
        var marked = _connection.Query<(long Seq, string Of)>("SELECT seq, duplicate_of FROM item WHERE duplicate_of IS NOT NULL", transaction: transaction)
            .ToDictionary(row => row.Seq, row => row.Of);
        foreach (var seq in marked.Keys.Where(seq => !duplicates.ContainsKey(seq)))
        {
            _connection.Execute("UPDATE item SET duplicate_of = NULL WHERE seq = @seq", new { seq }, transaction);
            Log(transaction, seq, new Decision(StageId.Duplicates, DecisionVerdict.Passed, "no-longer-a-duplicate", null, threshold, ""), now);
        }

        foreach (var (seq, (of, distance)) in duplicates)
        {
            if (marked.GetValueOrDefault(seq) != of)
            {
                _connection.Execute("UPDATE item SET duplicate_of = @of WHERE seq = @seq", new { seq, of }, transaction);
                Log(transaction, seq, new Decision(StageId.Duplicates, DecisionVerdict.Duplicate, "duplicate-of " + of, distance, threshold, ""), now);
            }
        }

        return duplicates.Count;
    }

    public void Dispose()
    {
        foreach (var statement in (Statement[])[_advance, _set, _insert, _known, _measure, _decide, _closeChild, _openChildren, _tally, _item, _search])
        {
            statement.Dispose();
        }

        _throughput.Dispose();
    }

    private int StartClips(SqliteTransaction transaction, LedgerItem video, IReadOnlyList<ClipPlan> clips)
    {
        var options = OptionsOf(transaction, video.Job);
        var state = ClipLifecycle.Start(StageOrder.Clip(options.Order));
        var started = 0;
        foreach (var clip in clips)
        {
            var id = ClipId.From(new VideoId(video.Id), clip.Interval).Value;
            started += _insert.Bind(
                transaction, id, (long)ItemKind.Clip, video.Job, video.Seq, (long)state.Outcome, (long)state.Stage, JsonSerializer.Serialize(clip, EngineJson.Default.ClipPlan)).Execute();
        }

        for (var i = 0; i < started; i++)
        {
            _tallies.Add(video.Job, ItemKind.Clip, state, +1);
        }

        _openChildren.Bind(transaction, video.Seq, (long)started).Execute();
        return started;
    }

    private CurationOptions OptionsOf(SqliteTransaction transaction, long job) => JsonSerializer.Deserialize(
        _connection.ExecuteScalar<string>("SELECT options FROM job WHERE id = @job", new { job }, transaction)!, EngineJson.Default.CurationOptions)!;

    private void Measure(SqliteTransaction transaction, long item, Measurement measured, long now) => _measure.Bind(
        transaction, item, (long)measured.Stage, (long)measured.StageVersion, measured.ModelVersion,
        JsonSerializer.Serialize(measured.Scores, EngineJson.Default.IReadOnlyDictionaryStringDouble), measured.Data, now).Execute();

    public void SetSearchText(SqliteTransaction transaction, long item, string text) => _search.Bind(transaction, item, text).Execute();

    public void Log(SqliteTransaction transaction, long item, Decision decision, long now) => _decide.Bind(
        transaction, item, (long)decision.Stage, (long)decision.Verdict, decision.Reason, decision.Score, decision.Threshold, decision.ModelVersion, now).Execute();
}
