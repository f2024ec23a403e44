using System.Runtime.CompilerServices;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Stages;
using CaptionData = MedGenCluster.Curation.Stages.Caption.CaptionData;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Engine.Reporting;

namespace MedGenCluster.Engine.Export;

/// <summary>The accepted clips of a ledger, without near-duplicates.</summary>
/// <param name="job">One job, or null for all.</param>
public sealed class LedgerExportSource(ILedger ledger, IMediaStore media, string name, long? job) : IExportSource
{
    /// <summary>Stages whose scores still differ between accepted clips; a clip with a border is not accepted, and captions are counted in words.</summary>
    private static readonly StageId[] ScoredStages = [StageId.Subtitles, StageId.Aesthetics, StageId.TechnicalQuality];

    public string DatasetName => name;

    public async Task<ExportSummary> SummariseAsync(CancellationToken cancellationToken)
    {
        var jobs = (await ledger.JobsAsync().ConfigureAwait(false)).Where(row => job is null || row.Id == job).ToList();
        var options = jobs.Select(row => row.Options).Distinct().ToList();
        var one = options.Count == 1 ? options[0] : null;
        var funnel = Funnel.Of(ledger.Tallies, one?.Order ?? StageOrderKind.Paper, job);
        var duplicates = ledger.Items(new ItemQuery(ItemKind.Clip, job, Outcome.Accepted)).Count(clip => clip.DuplicateOf is not null);
        var rows = funnel.Rows.Select(row => new ExportFunnelRow(
            row.Stage.Name(), row.Kind == ItemKind.Video ? "videos" : "clips", row.In, Removed(row), row.Passed)).ToList();
        rows.Add(new ExportFunnelRow(
            StageId.Duplicates.Name(), "clips", funnel.Accepted, new Dictionary<string, long> { ["near-duplicate"] = duplicates }.Where(pair => pair.Value > 0).ToDictionary(),
            funnel.Accepted - duplicates));
        return new ExportSummary
        {
            Funnel = new ExportFunnel(rows),
            Rejected = funnel.RejectedClips,
            Duplicates = duplicates,
            Thresholds = one is null ? [] : Thresholds(one),
            Options = one,
        };
    }

    public async IAsyncEnumerable<ExportClip> ReadClipsAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var videos = new Dictionary<long, SourceVideo>();
        foreach (var video in ledger.Items(new ItemQuery(ItemKind.Video, job)))
        {
            videos[video.Seq] = new SourceVideo(EngineJson.Video(video.Facts), FetchedFile.Of(ledger.Measurements(video.Seq))?.RetrievedAt);
        }

        foreach (var clip in ledger.Items(new ItemQuery(ItemKind.Clip, job, Outcome.Accepted)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var measurements = ledger.Measurements(clip.Seq);
            if (clip.DuplicateOf is null && clip.Media is not null && CutData.Of(measurements) is { } cut)
            {
                yield return await ReadAsync(clip, videos[clip.Parent!.Value], measurements, cut, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    private sealed record SourceVideo(VideoMetadata Metadata, DateTimeOffset? RetrievedAt);

    private static Dictionary<string, long> Removed(FunnelRow row)
    {
        var removed = row.Reasons.ToDictionary(reason => reason.Reason, reason => reason.Count);
        if (row.Failed > 0)
        {
            removed["failed"] = row.Failed;
        }

        return removed;
    }

    private static ExportThreshold[] Thresholds(CurationOptions options) =>
    [
        new("aesthetics.score", options.Aesthetics.MinScore, "below is removed"),
        new("subtitles.words", options.Subtitles.MaxWords, "above is removed"),
        new(options.TechnicalQuality.Fusion == DoverFusion.Corrected ? "technical-quality.overallCorrected" : "technical-quality.overallAsShipped", options.Joint.MaxTechnical,
            FormattableString.Invariant($"below is removed where the aesthetic score is below {options.Joint.MaxAesthetic}")),
    ];

    private async Task<ExportClip> ReadAsync(
        LedgerItem clip, SourceVideo source, IMeasurements measurements, CutData cut, CancellationToken cancellationToken)
    {
        var video = source.Metadata;
        var plan = EngineJson.Clip(clip.Facts);
        var caption = CaptionData.Of(measurements);
        var scores = new SortedDictionary<string, double>(StringComparer.Ordinal);
        var versions = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var stage in ScoredStages)
        {
            if (measurements[stage] is not { } measured)
            {
                continue;
            }

            // How many frames a stage looked at is no score of the clip.
            foreach (var (score, value) in measured.Scores.Where(score => score.Key != "frames"))
            {
                scores[$"{stage.Name()}.{score}"] = value;
            }

            if (measured.ModelVersion.Length > 0)
            {
                versions[stage.Name()] = measured.ModelVersion;
            }
        }

        return new ExportClip
        {
            Id = new ClipId(clip.Id),
            VideoId = video.Id,
            Media = clip.Media!,
            LocalPath = await PathAsync(clip.Media!, cancellationToken).ConfigureAwait(false),
            StartMs = plan.Interval.StartMilliseconds,
            EndMs = plan.Interval.EndMilliseconds,
            BriefCaption = caption?.Brief ?? "",
            DetailedCaption = caption?.Detailed ?? "",
            CaptionModel = caption?.Model ?? "",
            Binding = caption is null ? null : new CaptionBinding(caption.ClipSha256, caption.FrameTimes, caption.PromptHash, caption.Model, caption.Binding),
            Category = caption?.Category,
            Transcript = plan.Transcript,
            Scores = scores,
            ModelVersions = versions,
            Demo = versions.Values.Any(version => version.Contains("@demo", StringComparison.Ordinal)),
            SourceUrl = video.Url,
            Title = video.Title,
            Channel = video.Channel,
            Uploader = video.Uploader,
            Licence = video.Licence,
            UploadDate = video.UploadDate,
            RetrievedAt = source.RetrievedAt,
            Width = cut.Width,
            Height = cut.Height,
            Fps = cut.Rate.PerSecond,
            Frames = cut.Frames,
            DurationSeconds = cut.DurationSeconds,
            BitRate = cut.BitRate,
        };
    }

    /// <summary>The blob's path, or one that does not exist where the store lost it: the exporter lists such clips.</summary>
    private async Task<string> PathAsync(MediaRef reference, CancellationToken cancellationToken)
    {
        try
        {
            return await media.OpenLocalAsync(reference, cancellationToken).ConfigureAwait(false);
        }
        catch (FileNotFoundException lost)
        {
            return lost.FileName ?? "";
        }
    }
}
