using MedGenCluster.Curation.Captioning;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Browsing;

/// <summary>Numbers that clips are filtered and sorted by.</summary>
public enum ClipScore
{
    /// <summary>LAION score.</summary>
    Aesthetic,

    /// <summary>DOVER's overall score under the fusion that the job uses.</summary>
    Technical,

    /// <summary>Words burned into the picture.</summary>
    Words,

    /// <summary>Thickest border, pixels.</summary>
    Border,

    /// <summary>Length, seconds.</summary>
    Duration,
}

/// <summary>Inclusive bounds of a score; a clip that has no such score lies outside.</summary>
public sealed record ScoreRange(ClipScore Score, double? Min, double? Max);

/// <summary>Which clips to list; null means any.</summary>
/// <param name="NoCategory">Only clips whose caption has no category.</param>
/// <param name="Text">Words that the captions contain, each as a beginning of a word.</param>
public sealed record ClipFilter(
    long? Job = null, StageId? Stage = null, Outcome? Outcome = null, string? Reason = null, ClipCategory? Category = null, bool NoCategory = false, bool? Duplicate = null,
    string? Text = null, IReadOnlyList<ScoreRange>? Ranges = null);

/// <param name="By">Null sorts by name.</param>
public sealed record ClipSort(ClipScore? By = null, bool Descending = false);

/// <summary>A page of clips by number.</summary>
/// <param name="Total">Clips that fit the filter.</param>
/// <param name="Next">Where the next page begins; null at the end.</param>
public sealed record ClipPage(long Total, IReadOnlyList<long> Clips, string? Next);
