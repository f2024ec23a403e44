using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Subtitles;
using MedGenCluster.Engine.Embedded;
using MedGenCluster.Engine.Execution;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Redeciding;

/// <summary>What a re-decision changed.</summary>
/// <param name="Unmeasured">Items that now need a measurement which nobody took; an engine takes it when it runs next.</param>
public sealed record RedecisionReport(long Examined, long Changed, long AcceptedBefore, long AcceptedAfter, long Unmeasured);

/// <summary>Decides a job's videos and clips anew from the stored measurements under changed options. No media is touched.</summary>
/// <param name="plan">Plans a video's clips from its stored segmentation.</param>
public sealed class Redecider(ILedger ledger, StageCatalog stages, Func<VideoMetadata, IMeasurements, CurationOptions, IReadOnlyList<ClipPlan>> plan)
{
    private const int Batch = 256;

    /// <param name="progress">Told the share of the videos that are done, 0 to 1.</param>
    public async Task<RedecisionReport> RunAsync(JobRow job, CurationOptions options, CancellationToken cancellationToken, IProgress<double>? progress = null)
    {
        var videos = ledger.Tallies.Where(t => t.Job == job.Id && t.Kind == ItemKind.Video).Sum(t => t.Count);
        var done = 0L;
        var recount = job.Options.Subtitles.MinConfidence != options.Subtitles.MinConfidence;
        var before = Accepted(job.Id);
        await ledger.SetOptionsAsync(job.Id, options).ConfigureAwait(false);
        var pending = new List<Restatement>();
        var (examined, changed, unmeasured) = (0L, 0L, 0L);
        foreach (var video in ledger.Items(new ItemQuery(ItemKind.Video, job.Id)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (recount)
            {
                await ledger.SetWordsAsync(Words(video, options)).ConfigureAwait(false);
            }

            foreach (var restatement in Restate(video, options))
            {
                examined++;
                if (Same(restatement.Item.State, restatement.State) && restatement.NewClips is null or { Count: 0 })
                {
                    continue;
                }

                changed++;
                unmeasured += restatement.State.Outcome == Outcome.Active ? 1 : 0;
                unmeasured += restatement.NewClips?.Count ?? 0;
                pending.Add(restatement);
            }

            if (pending.Count >= Batch)
            {
                await ledger.RestateAsync(pending).ConfigureAwait(false);
                pending.Clear();
            }

            progress?.Report(++done / (double)Math.Max(1, videos));
        }

        await ledger.RestateAsync(pending).ConfigureAwait(false);
        await ledger.SettleVideosAsync(null).ConfigureAwait(false);
        return new RedecisionReport(examined, changed, before, Accepted(job.Id), unmeasured);
    }

    /// <summary>The words of a video's clips, counted at another confidence.</summary>
    private Dictionary<long, int> Words(LedgerItem video, CurationOptions options)
    {
        var words = new Dictionary<long, int>();
        foreach (var clip in ledger.Items(new ItemQuery(ItemKind.Clip, Parent: video.Seq)))
        {
            if (ledger.Measurements(clip.Seq)[StageId.Subtitles] is { } measured)
            {
                words[clip.Seq] = SubtitlesStage.Words(measured, options.Subtitles);
            }
        }

        return words;
    }

    private long Accepted(long job) => ledger.Tallies.Where(t => t.Job == job && t.Outcome == Outcome.Accepted).Sum(t => t.Count);

    private static bool Same(LifeState a, LifeState b) =>
        a.Outcome == b.Outcome && a.Stage == b.Stage && (a.Outcome != Outcome.Rejected || (a.Reason == b.Reason && a.Score == b.Score));

    private IEnumerable<Restatement> Restate(LedgerItem video, CurationOptions options)
    {
        var measurements = ledger.Measurements(video.Seq);
        var (state, decisions) = Replay.Video(measurements, (stage, m) => stages.Decide(stage, m, options));
        if (KeepsFailure(video, state))
        {
            yield break;
        }

        var clips = ledger.Items(new ItemQuery(ItemKind.Clip, Parent: video.Seq)).ToList();
        if (state.Outcome != Outcome.AwaitingClips)
        {
            yield return new Restatement(video, state, Logged(decisions));
            foreach (var clip in clips)
            {
                var withdrawn = new LifeState(Outcome.Rejected, state.Stage, 0, "video-" + (state.Reason ?? "undecided"));
                yield return new Restatement(clip, withdrawn, [new Decision(state.Stage, DecisionVerdict.Rejected, withdrawn.Reason, null, null, "")]);
            }

            yield break;
        }

        var id = new VideoId(video.Id);
        var wanted = plan(EngineJson.Video(video.Facts), measurements, options).ToDictionary(clip => ClipId.From(id, clip.Interval).Value);
        var missing = wanted.Where(pair => !clips.Any(clip => clip.Id == pair.Key)).Select(pair => pair.Value).ToList();
        // A finished video stays finished unless clips are added; the ledger reopens it when one of its clips becomes active.
        var kept = video.State.Outcome == Outcome.Done && missing.Count == 0 ? video.State : state;
        yield return new Restatement(video, kept, kept == video.State ? [] : Logged(decisions), missing);
        foreach (var clip in clips.Select(clip => RestateClip(clip, wanted.ContainsKey(clip.Id), options)).OfType<Restatement>())
        {
            yield return clip;
        }
    }

    private Restatement? RestateClip(LedgerItem clip, bool wanted, CurationOptions options)
    {
        if (!wanted)
        {
            const string reason = "not-in-plan";
            return new Restatement(
                clip, new LifeState(Outcome.Rejected, StageId.Segment, 0, reason), [new Decision(StageId.Segment, DecisionVerdict.Rejected, reason, null, options.Segment.Tau, "")]);
        }

        var (state, decisions) = Replay.Clip(StageOrder.Clip(options.Order), ledger.Measurements(clip.Seq), (stage, m) => stages.Decide(stage, m, options));
        return KeepsFailure(clip, state) ? null : new Restatement(clip, state, Logged(decisions));
    }

    /// <summary>A failure stays on the dead-letter list when the replay comes no further than the stage that failed.</summary>
    private static bool KeepsFailure(LedgerItem item, LifeState replayed) =>
        item.State.Outcome == Outcome.Failed && replayed.Outcome == Outcome.Active && replayed.Stage == item.State.Stage;

    private static List<Decision> Logged(IEnumerable<ReplayedDecision> decisions) => [.. decisions.Select(d => new Decision(
        d.Stage, d.Verdict.Passed ? DecisionVerdict.Passed : DecisionVerdict.Rejected, d.Verdict.Reason, d.Verdict.Score, d.Verdict.Threshold, d.ModelVersion))];
}
