using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Frames;
using MedGenCluster.Curation.Media;
using MedGenCluster.Curation.Models;
using MedGenCluster.Curation.Stages.Aesthetics;
using MedGenCluster.Curation.Stages.Borders;
using MedGenCluster.Curation.Stages.Caption;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Curation.Stages.Fetch;
using MedGenCluster.Curation.Stages.Joint;
using MedGenCluster.Curation.Stages.Probe;
using MedGenCluster.Curation.Stages.Screen;
using MedGenCluster.Curation.Stages.Segment;
using MedGenCluster.Curation.Stages.Subtitles;
using MedGenCluster.Curation.Stages.TechnicalQuality;

namespace MedGenCluster.Curation.Stages;

/// <summary>The stages of the pipeline, put together.</summary>
public static class StandardStages
{
    /// <param name="fetchers">Whoever brings media that is not on this machine.</param>
    /// <param name="downloads">Where they bring it.</param>
    public static (IReadOnlyList<IStage<VideoWork>> Video, IReadOnlyList<IStage<ClipWork>> Clip) Create(
        MediaTools tools, IMediaStore media, IModelCatalog models, Func<CaptionOptions, ICaptioner> captioner, IReadOnlyList<IMediaFetcher> fetchers, string downloads) =>
    (
        [new ScreenStage(), new FetchStage(fetchers, downloads), new ProbeStage(tools), new SegmentStage(tools, models)],
        [
            new CutStage(tools, media), new CaptionStage(tools, captioner), new BordersStage(), new SubtitlesStage(tools, media),
            new AestheticsStage(tools, models), new TechnicalQualityStage(tools, models), new JointStage(),
        ]);

    /// <summary>The clips that a video's stored segmentation gives under other options.</summary>
    public static IReadOnlyList<ClipPlan> Replan(VideoMetadata video, IMeasurements measurements, CurationOptions options) =>
        measurements[StageId.Segment] is { } segment ? SegmentStage.Clips(segment, options.Segment, video.TranscriptPath) : [];
}
