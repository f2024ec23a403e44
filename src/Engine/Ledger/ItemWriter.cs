using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Results of one caller, to be remembered.</summary>
internal sealed record CompletionBatch(IReadOnlyList<Completion> Completions, string Owner, TimeSpan? Keep);

/// <summary>Every change of an item, inside a transaction of the writer; keeps the tallies in step. Rows are locked in one order, whoever writes:
/// clips before videos, each ascending.</summary>
internal sealed partial class ItemWriter
{
    private readonly LedgerSession _session;
    private readonly TallyBook _tallies;
    private readonly ThroughputBook _throughput;
    private readonly Action<long> _changed;
    private readonly Statement _advance;
    private readonly Statement _set;
    private readonly Statement _insert;
    private readonly Statement _measure;
    private readonly Statement _decide;
    private readonly Statement _closeChild;
    private readonly Statement _openChildren;
    private readonly Statement _item;
    private readonly Statement _search;

    /// <param name="changed">Told of every video that changes, so that no stale copy is handed out.</param>
    public ItemWriter(LedgerSession session, TallyBook tallies, Action<long> changed)
    {
        (_session, _tallies, _changed) = (session, tallies, changed);
        _throughput = new ThroughputBook(session);
        _advance = session.Prepare(
            """
            UPDATE item SET outcome = @0, stage = @1, attempts = @2, reason = @3, score = @4, due_at = @5, lease_owner = @21, strikes = 0,
                media_sha = COALESCE(@6, media_sha), media_length = COALESCE(@7, media_length), media_path = COALESCE(@8, media_path), facts = COALESCE(@12, facts),
                measured = measured | @13, category = COALESCE(@14, category), refused = COALESCE(@15, refused), border = COALESCE(@16, border), words = COALESCE(@17, words),
                aesthetic = COALESCE(@18, aesthetic), technical_shipped = COALESCE(@19, technical_shipped), technical_corrected = COALESCE(@20, technical_corrected)
            WHERE seq = @9 AND lease_owner = @10 AND outcome = 0 AND stage = @11
            """,
            "iiitrititititiiirirrrt");
        _set = session.Prepare(
            "UPDATE item SET outcome = @0, stage = @1, attempts = @2, reason = @3, score = @4, due_at = @5, lease_owner = NULL, strikes = 0 WHERE seq = @6", "iiitrii");
        _insert = session.Prepare(
            """
            INSERT INTO item(id, kind, job, parent, outcome, stage, attempts, due_at, facts, open_children)
            VALUES (@0, @1, @2, @3, @4, @5, 0, 0, @6, 0) ON CONFLICT(id) DO NOTHING
            """,
            "tiiiiit");
        _measure = session.Prepare(
            """
            INSERT INTO measurement(item, stage, stage_version, model_version, scores, data, at) VALUES (@0, @1, @2, @3, @4, @5, @6)
            ON CONFLICT(item, stage) DO UPDATE SET stage_version = excluded.stage_version, model_version = excluded.model_version,
                scores = excluded.scores, data = excluded.data, at = excluded.at
            """,
            "iiittti");
        _decide = session.Prepare("INSERT INTO decision(item, stage, verdict, reason, score, threshold, model_version, at) VALUES (@0, @1, @2, @3, @4, @5, @6, @7)", "iiitrrti");
        _closeChild = session.Prepare("UPDATE item SET open_children = open_children - 1 WHERE seq = @0 RETURNING open_children", "i");
        _openChildren = session.Prepare("UPDATE item SET open_children = open_children + @1 WHERE seq = @0", "ii");
        _search = session.Prepare(session.Dialect.StoreWords, "it");
        _item = session.Prepare($"SELECT {ItemRow.Columns} FROM item WHERE seq = @0{session.Dialect.ForUpdate}", "i");
    }

    /// <summary>Writes the counts that the transaction gathered.</summary>
    public void WriteCounts()
    {
        _tallies.Write();
        _throughput.Write();
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

    /// <summary>Remembers the results whose leases are held still.</summary>
    public IReadOnlyList<CompletionReport> Complete(IReadOnlyList<CompletionBatch> batches, long now)
    {
        var results = batches.SelectMany((batch, index) => batch.Completions.Select(completion => (Completion: completion, Batch: batch, Index: index)))
            .OrderByDescending(result => result.Completion.Leased.Item.Kind).ThenBy(result => result.Completion.Leased.Item.Seq).ToList();
        var changed = _advance.ExecuteEach(results.ConvertAll(result => Advance(result.Completion, result.Batch, now)));
        var reports = batches.Select(_ => (Settled: new List<long>(), Lost: new List<long>())).ToList();
        var closed = new List<(long Video, int Index)>();
        for (var i = 0; i < results.Count; i++)
        {
            var (completion, _, index) = results[i];
            var item = completion.Leased.Item;
            if (changed[i] == 0)
            {
                reports[index].Lost.Add(item.Seq);
                continue;
            }

            Remember(completion, now);
            var effects = completion.Transition.Effects;
            if (effects.Contains(Effect.StartClips) && StartClips(item, completion.Clips ?? []) == 0)
            {
                reports[index].Settled.Add(item.Seq);
            }
            else if (effects.Contains(Effect.TellVideo) && item.Parent is { } parent)
            {
                closed.Add((parent, index));
            }
        }

        closed.Sort();
        var open = _closeChild.ScalarEach(closed.ConvertAll(clip => (object?[])[clip.Video]));
        for (var i = 0; i < closed.Count; i++)
        {
            if (open[i] == 0)
            {
                reports[closed[i].Index].Settled.Add(closed[i].Video);
            }
        }

        return reports.ConvertAll(report => new CompletionReport(report.Settled, report.Lost));
    }

    /// <summary>Stores what a person or a stage wrote as the text under which a clip is found.</summary>
    public void SetSearchText(long item, string text) => _search.Queue(item, _session.Dialect.Words(text));

    public void Log(long item, Decision decision, long now) => _decide.Queue(
        item, (long)decision.Stage, (long)decision.Verdict, decision.Reason, decision.Score, decision.Threshold, decision.ModelVersion, now);

    private static object?[] Advance(Completion completion, CompletionBatch batch, long now)
    {
        var (item, state, features) = (completion.Leased.Item, completion.Transition.State, completion.Features);
        var kept = batch.Keep is not null && completion.Transition.Effects.Contains(Effect.RunStage);
        var delay = kept ? batch.Keep : completion.Delay;
        return
        [
            (long)state.Outcome, (long)state.Stage, (long)state.Attempts, state.Reason, state.Score, delay is { } after ? now + (long)after.TotalMilliseconds : 0L,
            completion.Media?.Sha256, completion.Media?.Length, completion.MediaPath, item.Seq, batch.Owner, (long)item.State.Stage,
            completion.Video is { } video ? JsonSerializer.Serialize(video, EngineJson.Default.VideoMetadata) : null,
            (long)features.Measured, features.Category, features.Refused is { } refused ? (refused ? 1 : 0) : null, features.Border, features.Words,
            features.Aesthetic, features.TechnicalAsShipped, features.TechnicalCorrected, kept ? batch.Owner : null,
        ];
    }

    private void Remember(Completion completion, long now)
    {
        var item = completion.Leased.Item;
        _tallies.Add(item.Job, item.Kind, item.State, -1);
        _tallies.Add(item.Job, item.Kind, completion.Transition.State, +1);
        if (completion.Measurement is { } measured)
        {
            _measure.Queue(
                item.Seq, (long)measured.Stage, (long)measured.StageVersion, measured.ModelVersion,
                JsonSerializer.Serialize(measured.Scores, EngineJson.Default.IReadOnlyDictionaryStringDouble), measured.Data, now);
        }

        if (completion.SearchText is { } text)
        {
            SetSearchText(item.Seq, text);
        }

        _throughput.Add(now, item.Job, completion.Decision, completion.Seconds);
        Log(item.Seq, completion.Decision, now);
        if (item.Kind == ItemKind.Video)
        {
            _changed(item.Seq);
        }
    }

    private int StartClips(LedgerItem video, IReadOnlyList<ClipPlan> clips)
    {
        var state = ClipLifecycle.Start(StageOrder.Clip(OptionsOf(video.Job).Order));
        var started = _insert.ExecuteEach([.. clips.Select(clip => (object?[])
        [
            ClipId.From(new VideoId(video.Id), clip.Interval).Value, (long)ItemKind.Clip, video.Job, video.Seq, (long)state.Outcome, (long)state.Stage,
            JsonSerializer.Serialize(clip, EngineJson.Default.ClipPlan),
        ])]).Sum();
        if (started > 0)
        {
            _tallies.Add(video.Job, ItemKind.Clip, state, started);
            _openChildren.Queue(video.Seq, (long)started);
        }

        return started;
    }

    private CurationOptions OptionsOf(long job) => JsonSerializer.Deserialize(_session.Prepare("SELECT options FROM job WHERE id = @0", "i").Text(job)!, EngineJson.Default.CurationOptions)!;
}
