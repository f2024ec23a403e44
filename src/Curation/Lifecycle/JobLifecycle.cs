namespace MedGenCluster.Curation.Lifecycle;

/// <summary>State of a job. Numbers are stored in ledgers: append only.</summary>
public enum JobState
{
    Running = 0,
    Paused = 1,
    Completed = 2,
    Cancelled = 3,

    /// <summary>Its source cannot be read, or its end could not be made; the job's error says why.</summary>
    Failed = 4,
}

public enum JobEvent
{
    PauseRequested,
    ResumeRequested,
    CancelRequested,

    /// <summary>The listing is complete and every video is terminal.</summary>
    WorkSettled,

    /// <summary>A retry or a re-decision gave the job work again, or a person submitted it again.</summary>
    WorkReopened,
    SourceFailed,

    /// <summary>What is done when all work is settled failed.</summary>
    FinishFailed,
}

public enum JobEffect
{
    None,

    /// <summary>List the source (again) and run what is due.</summary>
    Resume,

    /// <summary>Mark near-duplicates among the accepted clips.</summary>
    MarkDuplicates,
}

/// <summary>The life of a job as a pure decision table.</summary>
public static class JobLifecycle
{
    public static (JobState State, JobEffect Effect) Apply(JobState state, JobEvent happened) => (state, happened) switch
    {
        (JobState.Running, JobEvent.PauseRequested) => (JobState.Paused, JobEffect.None),
        (JobState.Running or JobState.Paused or JobState.Failed, JobEvent.CancelRequested) => (JobState.Cancelled, JobEffect.None),
        (JobState.Running, JobEvent.WorkSettled) => (JobState.Completed, JobEffect.MarkDuplicates),
        (JobState.Running, JobEvent.SourceFailed or JobEvent.FinishFailed) => (JobState.Failed, JobEffect.None),
        (JobState.Paused or JobState.Cancelled or JobState.Failed, JobEvent.ResumeRequested) => (JobState.Running, JobEffect.Resume),
        (JobState.Completed or JobState.Failed or JobState.Cancelled, JobEvent.WorkReopened) => (JobState.Running, JobEffect.Resume),
        _ => (state, JobEffect.None),
    };
}
