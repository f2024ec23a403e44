using System.Text.Json;

namespace MedGenCluster.Silo.Api.Contracts;

/// <summary>A page of clips or videos.</summary>
/// <param name="Total">Items that fit the filters; exact.</param>
/// <param name="Next">Pass as <c>after</c> for the next page; null at the end.</param>
public sealed record ItemPage(long Total, IReadOnlyList<ItemSummary> Items, string? Next);

/// <param name="Kind"><c>video</c> or <c>clip</c>.</param>
/// <param name="Outcome"><c>active</c>, <c>awaiting-clips</c>, <c>accepted</c>, <c>done</c>, <c>rejected</c> or <c>failed</c>.</param>
/// <param name="HasMedia">It has a picture and a video to play.</param>
/// <param name="Category">One of the paper's five, or empty.</param>
/// <param name="Title">The video's title.</param>
/// <param name="Demo">Its scores come from demonstration models.</param>
public sealed record ItemSummary(
    string Id, string Kind, long Job, string Outcome, string Stage, string? Reason, double? Score, int Attempts, string? DuplicateOf, bool HasMedia, string? Sha256,
    double? DurationSeconds, string? Category, string? Brief, string? Title, double? Aesthetic, double? Technical, int? Words, bool Demo = false);

/// <summary>Everything that is known of an item.</summary>
/// <param name="Facts">The source's metadata of a video, or a clip's interval and transcript.</param>
/// <param name="Frames">Times of the frames that can be shown, seconds; those that the captioner saw where it saw any.</param>
/// <param name="CaptionerSawFrames">False where the captioner works without pictures.</param>
/// <param name="Clips">A video's clips.</param>
public sealed record ItemDetail(
    ItemSummary Item, JsonElement Facts, ItemSummary? Video, JsonElement? VideoFacts, ClipCaption? Caption, string? Transcript, double? StartSeconds, double? EndSeconds,
    IReadOnlyList<double> Frames, bool CaptionerSawFrames, IReadOnlyList<ScoreLine> Scores, IReadOnlyList<MeasurementView> Measurements,
    IReadOnlyList<TrailEntry> Trail, IReadOnlyList<CaptionEdit> Edits, Provenance Provenance, IReadOnlyList<ItemSummary> Clips);

public sealed record ClipCaption(string Brief, string Detailed, string Category, string Model, bool Edited);

/// <summary>A score against its threshold.</summary>
/// <param name="Verdict"><c>passed</c>, <c>rejected</c> or <c>not-measured</c>.</param>
/// <param name="Rejects">Which side is removed: <c>below</c>, <c>at-or-below</c>, <c>above</c>, <c>at-or-above</c>.</param>
public sealed record ScoreLine(string Stage, string Name, double? Value, double? Threshold, string Rejects, string Verdict, bool Demo);

public sealed record MeasurementView(string Stage, int StageVersion, string ModelVersion, IReadOnlyDictionary<string, double> Scores, JsonElement? Data);

/// <param name="Verdict"><c>passed</c>, <c>rejected</c>, <c>failed</c>, <c>retried</c>, <c>duplicate</c>, <c>reopened</c> or <c>edited</c>.</param>
public sealed record TrailEntry(DateTimeOffset At, string Stage, string Verdict, string? Reason, double? Score, double? Threshold, string ModelVersion);

/// <summary>A caption that a person replaced.</summary>
public sealed record CaptionEdit(DateTimeOffset At, string Editor, string BriefBefore, string DetailedBefore, string BriefAfter, string DetailedAfter);

public sealed record CaptionEditRequest(string Brief, string Detailed, string Editor);

public sealed record Provenance(
    string? Url, string? Channel, string? Licence, string? UploadDate, string? SourceKind, string? SourceKey, string? Sha256, long? Bytes, string? RetrievedAt);
