using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;

namespace MedGenCluster.Engine.Generation;

/// <summary>Where an item of a batch generation stands. Numbers are stored: append only.</summary>
public enum GenerationItemState
{
    Pending = 0,
    Leased = 1,
    Done = 2,
    Failed = 3,
}

/// <summary>A batch generation as the ledger holds it.</summary>
/// <param name="BusySeconds">What its videos took to generate, summed.</param>
public sealed record GenerationRow(
    long Id, string Name, string Key, GenerationSettings Settings, GenerationState State, long Items, long Done, long Failed, double BusySeconds, DateTimeOffset CreatedAt, DateTimeOffset? EndedAt)
{
    /// <summary>Neither done nor failed.</summary>
    public long Open => State == GenerationState.Running ? Items - Done - Failed : 0;
}

/// <summary>One video of a batch generation.</summary>
/// <param name="Model">Which of the job's models, from 0.</param>
/// <param name="Prompt">Which of the job's prompts, from 0.</param>
/// <param name="Attempts">Attempts that failed.</param>
/// <param name="Strikes">Workers that were lost with it.</param>
/// <param name="Reason">Why its last attempt failed.</param>
/// <param name="Facts">JSON: what there is to know of the video.</param>
/// <param name="Seconds">What it took to generate.</param>
public sealed record GenerationItemRow(
    long Seq, long Job, int Model, int Prompt, long Seed, GenerationItemState State, int Attempts, int Strikes, string? Reason, MediaRef? Media, string? Facts, double Seconds);

/// <summary>An item that is a worker's until its lease ends.</summary>
/// <param name="Text">The prompt.</param>
public sealed record LeasedGeneration(GenerationItemRow Item, string PromptId, string Text);

/// <param name="NextDue">Where nothing was due: when the next item will be, or null.</param>
public sealed record GenerationLeases(IReadOnlyList<LeasedGeneration> Items, DateTimeOffset? NextDue);

/// <summary>How an attempt ended.</summary>
public abstract record GenerationOutcome
{
    private GenerationOutcome()
    {
    }

    public sealed record Done(MediaRef Media, string Facts, double Seconds) : GenerationOutcome;

    public sealed record Failed(string Reason, bool Retryable) : GenerationOutcome;
}

/// <summary>What there is to know of a generated video beside the item.</summary>
/// <param name="Sha256">Of the file as the sampler wrote it; the media store's address is the same.</param>
/// <param name="Fps">Frames a second.</param>
/// <param name="CodeVersion">Of the trainer that sampled it.</param>
/// <param name="Training">The training run that made the model, where it is one of this ledger's.</param>
public sealed record GeneratedFacts(int Frames, int Width, int Height, double Fps, string Sha256, string? Device, string? CodeVersion, string ModelFingerprint, long? Training, string Prompt, long Seed, SamplingOptions Sampling);

/// <summary>Which items to list; null means any.</summary>
/// <param name="Prompt">The first of some prompts; null for all.</param>
/// <param name="Prompts">How many prompts from that one on.</param>
/// <param name="After">Only items whose numbers come after this one.</param>
public sealed record GenerationItemQuery(long Job, GenerationItemState? State = null, int? Prompt = null, int Prompts = 1, long After = 0, int Limit = 1000);
