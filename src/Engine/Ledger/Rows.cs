using System.Text.Json;
using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Sources;
using MedGenCluster.Curation.Stages;
using MedGenCluster.Curation.Stages.Caption;

namespace MedGenCluster.Engine.Ledger;

/// <summary>Numbers are stored: append only.</summary>
public enum ItemKind
{
    Video = 1,
    Clip = 2,
}

/// <summary>A video or a clip as the ledger holds it.</summary>
/// <param name="Seq">The ledger's own number of the item.</param>
/// <param name="Parent">The clip's video, by <see cref="Seq"/>; null for a video.</param>
/// <param name="Facts">JSON: <see cref="VideoMetadata"/> or <see cref="ClipPlan"/>.</param>
public sealed record LedgerItem(
    long Seq, string Id, ItemKind Kind, long Job, long? Parent, LifeState State, string Facts, MediaRef? Media, string? MediaPath, string? DuplicateOf)
{
    /// <summary>Workers that have died with the item in hand since its last result.</summary>
    public int Strikes { get; init; }
}

/// <summary>An item handed to one worker until its lease ends, with what is known of it and of its video.</summary>
/// <param name="Parent">A clip's video, or null for a video.</param>
public sealed record LeasedItem(LedgerItem Item, IMeasurements Measurements, LeasedItem? Parent)
{
    /// <summary>The item after a result of it was remembered, for whoever keeps the lease.</summary>
    public LeasedItem After(Completion completion) => this with
    {
        Item = Item with
        {
            State = completion.Transition.State,
            Media = completion.Media ?? Item.Media,
            MediaPath = completion.MediaPath ?? Item.MediaPath,
            Strikes = 0,
            Facts = completion.Video is { } video ? JsonSerializer.Serialize(video, EngineJson.Default.VideoMetadata) : Item.Facts,
        },
        Measurements = completion.Measurement is { } measured ? new AddedMeasurement(Measurements, measured) : Measurements,
    };
}

/// <summary>Numbers are stored: append only.</summary>
public enum DecisionVerdict
{
    Passed = 1,
    Rejected = 2,
    Failed = 3,
    Retried = 4,
    Duplicate = 5,
    Reopened = 6,

    /// <summary>A person replaced the caption.</summary>
    Edited = 7,
}

/// <summary>One line of the decision log.</summary>
public sealed record Decision(
    StageId Stage, DecisionVerdict Verdict, string? Reason, double? Score, double? Threshold, string ModelVersion);

/// <summary>What a clip index holds of a clip.</summary>
public readonly record struct ClipRow(long Seq, string Id, long Job, LifeState State, bool IsDuplicate, ClipFeatures Features);

/// <summary>Up to where a clip index was read. The numbers are the ledger's own: what it inserted last, and what it changed last.</summary>
public sealed record IndexMark(long Item, long Decision);

/// <summary>What a stage finished of a job in a span of time.</summary>
/// <param name="Start">Unix seconds.</param>
/// <param name="Busy">Slot-seconds.</param>
public sealed record ThroughputRow(long Start, StageId Stage, long Job, long Passed, long Rejected, long Failed, double Busy)
{
    public long Finished => Passed + Rejected + Failed;
}

/// <summary>An audit of a stage.</summary>
/// <param name="Population">Items that the samples were drawn from.</param>
public sealed record AuditRow(long Id, string Name, StageId Stage, long? Job, long Seed, int Size, long Population, DateTimeOffset CreatedAt);

public sealed record AuditMarkRow(string Rater, int Position, AuditMark Mark, DateTimeOffset At);

/// <summary>A caption that a person replaced.</summary>
public sealed record CaptionEdit(DateTimeOffset At, string Editor, CaptionData Before, CaptionData After);

/// <summary>A decision with the time at which it was written.</summary>
public sealed record LoggedDecision(Decision Decision, DateTimeOffset At);

/// <summary>A stage's result on a leased item, ready to be remembered.</summary>
/// <param name="Delay">How long the new state is not worked on yet; null for at once.</param>
/// <param name="Clips">Clips to start, for a segmentation.</param>
/// <param name="Features">What the measurement adds to what thresholds look at.</param>
/// <param name="SearchText">Text under which the clip is found from now on, for a caption.</param>
/// <param name="Seconds">The item's share of the stage's time, slot-seconds.</param>
/// <param name="Video">What is known of the video from now on, where that has changed.</param>
public sealed record Completion(
    LeasedItem Leased,
    Transition Transition,
    Decision Decision,
    TimeSpan? Delay = null,
    Measurement? Measurement = null,
    MediaRef? Media = null,
    string? MediaPath = null,
    IReadOnlyList<ClipPlan>? Clips = null,
    VideoMetadata? Video = null,
    ClipFeatures Features = default,
    string? SearchText = null,
    double Seconds = 0);

/// <summary>A crawl as the ledger holds it.</summary>
/// <param name="Listed">True when the source was read to its end.</param>
/// <param name="Known">Videos of the source that an earlier job had brought already.</param>
public sealed record JobRow(
    long Id, string Name, SourceSpec Source, CurationOptions Options, JobState State, bool Listed, long Found, long Known, long Skipped, string? Error, DateTimeOffset CreatedAt);

/// <summary>How many items of a job are in one state.</summary>
public sealed record Tally(long Job, ItemKind Kind, Outcome Outcome, StageId Stage, string Reason, long Count);
