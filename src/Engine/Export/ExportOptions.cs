namespace MedGenCluster.Engine.Export;

/// <summary>What an export contains besides the card, the plots, the report and the checksums.</summary>
[Flags]
public enum ExportFormats
{
    None = 0,

    /// <summary><c>videos/*.mp4</c> and <c>metadata.jsonl</c>, the VideoFolder layout of Hugging Face datasets.</summary>
    VideoFolder = 1,

    /// <summary><c>shards/*.tar</c> with an mp4, a json and a txt for each clip.</summary>
    WebDataset = 2,

    /// <summary><c>videos2caption.json</c> and <c>merge.txt</c>, the input of FastVideo's preprocessing.</summary>
    FastVideo = 4,

    All = VideoFolder | WebDataset | FastVideo,
}

/// <summary>How an export is written.</summary>
public sealed record ExportOptions
{
    /// <summary>The folder to create. Its parent is made where it does not exist.</summary>
    public required string TargetFolder { get; init; }

    public ExportFormats Formats { get; init; } = ExportFormats.VideoFolder;

    /// <summary>Replaces an earlier export. A folder that is not an export is never replaced.</summary>
    public bool Overwrite { get; init; }

    /// <summary>Links clips from the media store instead of copying them, where the file system can. A linked file is the store's file:
    /// it must not be edited in place.</summary>
    public bool HardLinks { get; init; } = true;

    /// <summary>A shard is closed before a clip would take it over this many bytes; a single larger clip gets its own shard.</summary>
    public long ShardBytes { get; init; } = 1_000_000_000;

    /// <summary>Most clips in a shard.</summary>
    public int ShardClips { get; init; } = 10_000;

    public TrainerLimits Trainer { get; init; } = new();

    /// <summary>Clips that are hashed and copied at the same time.</summary>
    public int Parallelism { get; init; } = 2;

    /// <summary>Recomputes a clip's caption binding from its inputs; held against <see cref="CaptionBinding.Value"/>.</summary>
    public Func<ExportClip, string> ComputeBinding { get; init; } = CaptionBinding.Compute;

    /// <summary>Everything that is wrong with the options, one sentence each.</summary>
    public IReadOnlyList<string> Validate()
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(TargetFolder))
            errors.Add("TargetFolder is empty.");
        if (Formats == ExportFormats.None || (Formats & ~ExportFormats.All) != 0)
            errors.Add("Formats names no known format.");
        if (ShardBytes < 1)
            errors.Add("ShardBytes must be at least 1.");
        if (ShardClips < 1)
            errors.Add("ShardClips must be at least 1.");
        if (Parallelism < 1)
            errors.Add("Parallelism must be at least 1.");
        errors.AddRange(Trainer.Validate());
        return errors;
    }
}

/// <summary>What the trainer that reads <c>videos2caption.json</c> accepts. The rules are those of FastVideo's preprocessing and of
/// HunyuanVideo's VAE (arXiv 2507.05675 trains with both).</summary>
public sealed record TrainerLimits
{
    /// <summary>Frames of a training sample (paper, table 5: 93).</summary>
    public int NumFrames { get; init; } = 93;

    /// <summary>Frames per second that clips are resampled to (24).</summary>
    public double TrainFps { get; init; } = 24;

    /// <summary>Training height, pixels (480).</summary>
    public int MaxHeight { get; init; } = 480;

    /// <summary>Training width, pixels (848).</summary>
    public int MaxWidth { get; init; } = 848;

    /// <summary>Height over width may differ from the training picture's by this factor, either way (1.5).</summary>
    public double AspectTolerance { get; init; } = 1.5;

    /// <summary>Longest clip in units of <c>NumFrames / TrainFps</c>. FastVideo's own default of 2.0 (7.75 s) drops most clips of 6 to
    /// 10 s; 3.0 (11.6 s) is ours and has to be given to FastVideo as <c>--video_length_tolerance_range</c>.</summary>
    public double LengthTolerance { get; init; } = 3.0;

    /// <summary>Both sides must be multiples of this: 8 for the VAE times 2 for the patches.</summary>
    public int SideMultiple { get; init; } = 16;

    /// <summary>The VAE packs 4k + 1 frames. True: other lengths are listed with the longest such prefix as their usable length.
    /// False: they are left out.</summary>
    public bool TrimTo4kPlus1 { get; init; } = true;

    public double MaxSeconds => LengthTolerance * NumFrames / TrainFps;

    internal IEnumerable<string> Validate()
    {
        if (NumFrames < 1)
            yield return "Trainer.NumFrames must be at least 1.";
        if (!(TrainFps > 0) || !double.IsFinite(TrainFps))
            yield return "Trainer.TrainFps must be above 0.";
        if (MaxHeight < 1 || MaxWidth < 1)
            yield return "Trainer.MaxHeight and Trainer.MaxWidth must be at least 1.";
        if (!(AspectTolerance >= 1) || !double.IsFinite(AspectTolerance))
            yield return "Trainer.AspectTolerance must be at least 1.";
        if (!(LengthTolerance > 0) || !double.IsFinite(LengthTolerance))
            yield return "Trainer.LengthTolerance must be above 0.";
        if (SideMultiple < 1)
            yield return "Trainer.SideMultiple must be at least 1.";
    }
}
