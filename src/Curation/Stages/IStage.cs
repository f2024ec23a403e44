using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Curation.Stages;

/// <summary>What a stage occupies while it runs; the engine bounds concurrency for each kind.</summary>
public enum Resource
{
    Cpu,
    Gpu,
    Network,
    Api,
}

/// <summary>One step of the pipeline over videos or clips. It measures (costly, idempotent, stored) and decides (pure, repeatable from
/// the stored measurement).</summary>
public interface IStage<in TWork>
{
    StageId Id { get; }

    /// <summary>Version of the measuring code; raise it when measurements change meaning.</summary>
    int Version { get; }

    /// <summary>Versions of the models that measure, empty where none.</summary>
    string ModelVersion { get; }

    Resource Needs { get; }

    /// <summary>Items that one call takes at the most.</summary>
    int BatchSize { get; }

    /// <summary>Measures a batch; exactly one result for each item, in order. Expected trouble is a <see cref="StageResult.Failed"/>;
    /// an exception is a surprise and fails the whole batch, retryably.</summary>
    Task<IReadOnlyList<StageResult>> RunAsync(IReadOnlyList<TWork> batch, CancellationToken cancellationToken);

    /// <summary>Decides from measurements alone; the stage's own measurement is present.</summary>
    Verdict Decide(IMeasurements measurements, CurationOptions options);
}

/// <summary>Outcome of measuring one item.</summary>
public abstract record StageResult
{
    private StageResult()
    {
    }

    /// <summary>Measured. <paramref name="Media"/> is the artefact that the stage produced (a cut clip), <paramref name="MediaPath"/> where a video lies,
    /// <paramref name="Clips"/> the clips that a segmentation planned, and <paramref name="Metadata"/> what is known of the video from now on.</summary>
    public sealed record Measured(
        Measurement Measurement, MediaRef? Media = null, string? MediaPath = null, IReadOnlyList<ClipPlan>? Clips = null, VideoMetadata? Metadata = null) : StageResult;

    /// <summary>Could not be measured. <paramref name="Reason"/> is a sentence for a person, with the tool's own words where there are any.</summary>
    public sealed record Failed(string Reason, bool Retryable) : StageResult;

    /// <summary>Not measured, through no fault of the item: what it depends on stands still. It comes back after <paramref name="After"/> with all its
    /// attempts.</summary>
    public sealed record Postponed(string Reason, TimeSpan After) : StageResult;
}

/// <summary>A clip that a segmentation wants cut.</summary>
/// <param name="Transcript">What is said during the clip, empty where nothing is known.</param>
public sealed record ClipPlan(ClipInterval Interval, string Transcript);

/// <summary>A decision from measurements.</summary>
/// <param name="Passed">True if the entity goes on.</param>
/// <param name="Reason">Short stable code of a rejection, for example <c>aesthetic-below-minimum</c>; null when passed.</param>
/// <param name="Score">The score that decided, where a number decided.</param>
/// <param name="Threshold">The threshold that it was held against.</param>
public readonly record struct Verdict(bool Passed, string? Reason, double? Score, double? Threshold)
{
    public static Verdict Pass(double? score = null, double? threshold = null) => new(true, null, score, threshold);

    public static Verdict Reject(string reason, double? score = null, double? threshold = null) => new(false, reason, score, threshold);
}
