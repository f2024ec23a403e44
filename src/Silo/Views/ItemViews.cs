using System.Text.Json;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.Curation.Stages.TechnicalQuality;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Api.Contracts;
using CaptionEdit = MedGenCluster.Silo.Api.Contracts.CaptionEdit;

namespace MedGenCluster.Silo.Views;

/// <summary>Clips and videos as the API shows them.</summary>
public sealed class ItemViews(ILedger ledger)
{
    private const int FramesShown = 8;

    /// <summary>Summaries in the order of the items.</summary>
    public async Task<IReadOnlyList<ItemSummary>> SummariesAsync(IReadOnlyList<LedgerItem> items)
    {
        var options = (await ledger.JobsAsync().ConfigureAwait(false)).ToDictionary(job => job.Id, job => job.Options);
        var videos = new Dictionary<long, LedgerItem>();
        foreach (var parent in ledger.ItemsBySeq([.. items.Select(item => item.Parent).OfType<long>().Distinct()]))
        {
            videos[parent.Seq] = parent;
        }

        return [.. items.Select(item => Summary(item, ledger.Measurements(item.Seq), item.Parent is { } parent ? videos.GetValueOrDefault(parent) : null, options[item.Job]))];
    }

    /// <summary>Everything known of an item; null where there is none of that name.</summary>
    public async Task<ItemDetail?> DetailAsync(string id)
    {
        if (await ledger.FindAsync(id).ConfigureAwait(false) is not { } item)
        {
            return null;
        }

        var options = (await ledger.JobsAsync().ConfigureAwait(false)).Single(job => job.Id == item.Job).Options;
        var measurements = ledger.Measurements(item.Seq);
        var video = item.Parent is { } parent ? ledger.ItemsBySeq([parent])[0] : null;
        var source = video ?? item;
        var ofSource = video is null ? measurements : ledger.Measurements(video.Seq);
        var plan = item.Kind == ItemKind.Clip ? EngineJson.Clip(item.Facts) : null;
        var caption = CaptionData.Of(measurements);
        var edits = ledger.CaptionEdits(item.Seq);
        var (frames, seen) = Frames(measurements, caption);
        var clips = item.Kind == ItemKind.Video ? ledger.Items(new ItemQuery(ItemKind.Clip, Parent: item.Seq, Limit: 1000)).ToList() : [];
        return new ItemDetail(
            Summary(item, measurements, video, options),
            Json(item.Facts),
            video is null ? null : Summary(video, ofSource, null, options),
            video is null ? null : Json(video.Facts),
            caption is null ? null : new ClipCaption(caption.Brief, caption.Detailed, caption.Category, caption.Model, edits.Count > 0),
            plan?.Transcript, plan?.Interval.StartSeconds, plan?.Interval.EndSeconds, frames, seen,
            item.Kind == ItemKind.Clip ? ScoreLines.OfClip(measurements, options) : ScoreLines.OfVideo(measurements, options),
            [.. Enum.GetValues<StageId>().Select(stage => measurements[stage]).OfType<Measurement>()
                .Select(m => new MeasurementView(m.Stage.Name(), m.StageVersion, m.ModelVersion, m.Scores, m.Data is null ? null : Json(m.Data)))],
            Trail(item.Seq),
            [.. edits.Select(edit => new CaptionEdit(edit.At, edit.Editor, edit.Before.Brief, edit.Before.Detailed, edit.After.Brief, edit.After.Detailed))],
            Provenance(source, item, ofSource),
            await SummariesAsync(clips).ConfigureAwait(false));
    }

    public IReadOnlyList<TrailEntry> Trail(long item) =>
    [
        .. ledger.Trail(item).Select(entry => new TrailEntry(
            entry.At, entry.Decision.Stage.Name(), Words.Of(entry.Decision.Verdict), entry.Decision.Reason, entry.Decision.Score, entry.Decision.Threshold, entry.Decision.ModelVersion)),
    ];

    /// <summary>Times of the frames that can be shown of a clip, seconds: those that the captioner saw, else frames from the middles of equal parts.</summary>
    public static (IReadOnlyList<double> Times, bool CaptionerSawThem) Frames(IMeasurements measurements, CaptionData? caption)
    {
        if (caption is { FrameTimes.Count: > 0 })
        {
            return (caption.FrameTimes, true);
        }

        return CutData.Of(measurements) is { } cut
            ? ([.. FrameSampling.Uniform(FramesShown, cut.Frames).Indices.Select(index => Math.Round(index / cut.Rate.PerSecond, 3))], false)
            : ([], false);
    }

    private static ItemSummary Summary(LedgerItem item, IMeasurements measurements, LedgerItem? video, CurationOptions options)
    {
        var caption = item.Kind == ItemKind.Clip ? CaptionData.Of(measurements) : null;
        var quality = measurements[StageId.TechnicalQuality];
        return new ItemSummary(
            item.Id, Words.Of(item.Kind), item.Job, Words.Of(item.State.Outcome), item.State.Stage.Name(), item.State.Reason, item.State.Score, item.State.Attempts, item.DuplicateOf,
            item is { Kind: ItemKind.Clip, Media: not null }, item.Media?.Sha256, Duration(item), caption?.Category, caption?.Brief,
            item.Kind == ItemKind.Video ? EngineJson.Video(item.Facts).Title : video is null ? null : EngineJson.Video(video.Facts).Title,
            Score(measurements, StageId.Aesthetics, "score"), quality is null ? null : TechnicalQualityStage.Overall(quality, options.TechnicalQuality),
            (int?)Score(measurements, StageId.Subtitles, "words"),
            Words.IsDemo(measurements[StageId.Aesthetics]?.ModelVersion ?? "") || Words.IsDemo(quality?.ModelVersion ?? ""));
    }

    private static double? Duration(LedgerItem item) =>
        item.Kind == ItemKind.Clip ? EngineJson.Clip(item.Facts).Interval.DurationSeconds : EngineJson.Video(item.Facts).DurationSeconds;

    private static double? Score(IMeasurements measurements, StageId stage, string name) =>
        measurements[stage] is { } measured && measured.Scores.TryGetValue(name, out var value) ? value : null;

    private static Provenance Provenance(LedgerItem source, LedgerItem item, IMeasurements measurements)
    {
        var video = EngineJson.Video(source.Facts);
        return new Provenance(
            video.Url, video.Channel, video.Licence, video.UploadDate, video.SourceKind, video.SourceKey, item.Media?.Sha256, item.Media?.Length,
            FetchedFile.Of(measurements)?.RetrievedAt?.ToUniversalTime().ToString("u"));
    }

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
