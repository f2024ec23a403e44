namespace MedGenCluster.Curation.Generation;

/// <summary>Starts the trainer's programs and hears what they say.</summary>
public interface ITrainer
{
    /// <summary>Runs a program to its end.</summary>
    /// <param name="job">What to run.</param>
    /// <param name="heard">Told every event, one after another.</param>
    /// <param name="stop">Asks the program to stop after the step in hand; it is killed when it does not.</param>
    /// <param name="cancellationToken">Kills the program.</param>
    Task<TrainerExit> RunAsync(TrainerJob job, Func<TrainerEvent, Task> heard, CancellationToken stop, CancellationToken cancellationToken);
}

/// <param name="Module">The Python module, <c>t2v.prepare</c> or <c>t2v.train</c>.</param>
/// <param name="Arguments">Options by name without dashes; the value "true" makes a switch.</param>
/// <param name="Processes">Above 1 torchrun starts them.</param>
/// <param name="Folder">Where the program's number is kept while it runs, so that the next attempt on this machine ends what outlived its host.</param>
/// <param name="SilenceLimit">How long the program may say nothing before it is taken for hung.</param>
public sealed record TrainerJob(string Module, IReadOnlyList<KeyValuePair<string, string>> Arguments, int Processes, string Folder, TimeSpan SilenceLimit);

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">0 for success; -1 where it could not be started.</param>
/// <param name="Error">The error that it reported last, or one that stands for its death; null where it succeeded or stopped as asked.</param>
public sealed record TrainerExit(int ExitCode, TrainerEvent.Error? Error)
{
    public bool Succeeded => ExitCode == 0 && Error is null;
}

/// <summary>An event of the trainer.</summary>
public abstract record TrainerEvent
{
    private TrainerEvent()
    {
    }

    /// <summary>A clip is encoded.</summary>
    public sealed record Clip(long Done, long Total) : TrainerEvent;

    /// <param name="Json">The whole event: clips, what was left out and why.</param>
    public sealed record Prepared(long Clips, string Json) : TrainerEvent;

    public sealed record Started(long Step, long Steps, string? CodeVersion, string? ResumedFrom) : TrainerEvent;

    public sealed record Stepped(long Step, double Loss, double? LearningRate, double? GradNorm, double? Seconds, double? Rate, double? MemoryMb) : TrainerEvent;

    public sealed record Checkpoint(long Step, string Path) : TrainerEvent;

    public sealed record Validation(long Step, string Prompt, long Seed, string Path) : TrainerEvent;

    public sealed record Finished(long Step, string Path) : TrainerEvent;

    /// <param name="Kind">usage, data, geometry, nan, memory, disk, missing, interrupted or internal in the trainer's words; crash or timeout in the host's.</param>
    public sealed record Error(string Kind, string Message, string? Hint) : TrainerEvent
    {
        /// <summary>Only what is nobody's fault may end otherwise another time.</summary>
        public bool IsRetryable => Kind is "internal" or "interrupted" or "crash" or "timeout";
    }
}
