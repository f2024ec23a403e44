using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Lifecycle;

/// <summary>Where an entity stands. Numbers are stored in ledgers: append only.</summary>
public enum Outcome
{
    /// <summary>Its stage is to be run.</summary>
    Active = 0,

    /// <summary>A video whose clips are on their way.</summary>
    AwaitingClips = 1,

    /// <summary>A clip that passed every stage.</summary>
    Accepted = 2,

    /// <summary>A video whose clips are all settled.</summary>
    Done = 3,

    /// <summary>Refused by a stage, with reason and score.</summary>
    Rejected = 4,

    /// <summary>Could not be processed; on the dead-letter list.</summary>
    Failed = 5,
}

/// <summary>State of a video or a clip.</summary>
/// <param name="Outcome">Whether work is left, and how it ended.</param>
/// <param name="Stage">The stage to run (active), or at which the entity ended.</param>
/// <param name="Attempts">Failed attempts at <paramref name="Stage"/>.</param>
/// <param name="Reason">Why it was rejected or failed.</param>
/// <param name="Score">The deciding score of a rejection by number.</param>
public sealed record LifeState(Outcome Outcome, StageId Stage, int Attempts = 0, string? Reason = null, double? Score = null)
{
    public bool IsTerminal => Outcome is Outcome.Accepted or Outcome.Done or Outcome.Rejected or Outcome.Failed;

    public static LifeState At(StageId stage) => new(Outcome.Active, stage);
}

/// <summary>What happens to a video or a clip.</summary>
public abstract record LifeEvent
{
    private LifeEvent()
    {
    }

    public sealed record Passed(StageId Stage) : LifeEvent;

    public sealed record Rejected(StageId Stage, string Reason, double? Score) : LifeEvent;

    public sealed record Failed(StageId Stage, string Reason, bool Retryable) : LifeEvent;

    /// <summary>Every clip of the video is terminal.</summary>
    public sealed record ClipsSettled : LifeEvent;

    /// <summary>A clip of the video that was settled is to be worked on again.</summary>
    public sealed record ClipReopened : LifeEvent;

    /// <summary>A person asks for another try of a failed entity.</summary>
    public sealed record RetryRequested : LifeEvent;

    /// <summary>The event of a verdict.</summary>
    public static LifeEvent Of(StageId stage, Stages.Verdict verdict) => verdict.Passed
        ? new Passed(stage)
        : new Rejected(stage, verdict.Reason!, verdict.Score);
}

/// <summary>What an engine must do after a transition.</summary>
public enum Effect
{
    /// <summary>Run the stage of the new state as soon as there is room.</summary>
    RunStage,

    /// <summary>Run the stage of the new state after the retry delay of its attempt.</summary>
    RunStageLater,

    /// <summary>Start the clips that the segmentation planned.</summary>
    StartClips,

    /// <summary>Tell the video that one of its clips is settled.</summary>
    TellVideo,

    /// <summary>Tell the job that one of its videos is settled.</summary>
    TellJob,
}

/// <param name="Changed">False when the event does not concern this state (a replay, a late result): nothing is to be done.</param>
public sealed record Transition(LifeState State, bool Changed, IReadOnlyList<Effect> Effects)
{
    public static Transition None(LifeState state) => new(state, false, []);

    public static Transition To(LifeState state, params Effect[] effects) => new(state, true, effects);
}
