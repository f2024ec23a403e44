using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Stages;

/// <summary>A video handed to a stage.</summary>
/// <param name="MediaPath">Local path of the fetched media; null before the fetch stage.</param>
public sealed record VideoWork(VideoId Id, VideoMetadata Metadata, string? MediaPath, IMeasurements Measurements, CurationOptions Options);

/// <summary>A clip handed to a stage.</summary>
/// <param name="Video">The clip's video; its measurements include the probe's and the segmentation's.</param>
/// <param name="MediaPath">Local path of the cut clip; null before the cut stage.</param>
/// <param name="Media">Content address of the cut clip; null before the cut stage.</param>
public sealed record ClipWork(
    ClipId Id, ClipInterval Interval, string Transcript, VideoWork Video, MediaRef? Media, string? MediaPath, IMeasurements Measurements)
{
    public CurationOptions Options => Video.Options;
}
