using System.Text.Json.Serialization;

namespace MedGenCluster.Curation.Stages;

/// <summary>Order of the clip stages. Both give the same accepted set.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<StageOrderKind>))]
public enum StageOrderKind
{
    /// <summary>Caption first, then filter, as arXiv 2507.05675 section 3 lists it.</summary>
    Paper,

    /// <summary>Cheap filters first, captions for survivors only.</summary>
    FilterFirst,
}

/// <summary>All options of a curation job; stored with the job. Defaults are the paper's where it gives a number and say so where it does not.</summary>
public sealed record CurationOptions
{
    public StageOrderKind Order { get; init; } = StageOrderKind.Paper;

    public LicenceOptions Licence { get; init; } = new();

    public ProbeOptions Probe { get; init; } = new();

    public SegmentOptions Segment { get; init; } = new();

    public CutOptions Cut { get; init; } = new();

    public CaptionOptions Caption { get; init; } = new();

    public BordersOptions Borders { get; init; } = new();

    public SubtitlesOptions Subtitles { get; init; } = new();

    public AestheticsOptions Aesthetics { get; init; } = new();

    public TechnicalQualityOptions TechnicalQuality { get; init; } = new();

    public JointOptions Joint { get; init; } = new();

    public DuplicatesOptions Duplicates { get; init; } = new();
}

[JsonConverter(typeof(JsonStringEnumConverter<LicencePolicy>))]
public enum LicencePolicy
{
    /// <summary>Whatever the licence; it is kept with each clip.</summary>
    Any,

    /// <summary>Creative Commons alone; a video whose licence is not known is turned away.</summary>
    CreativeCommons,
}

/// <summary>Which licences are taken.</summary>
public sealed record LicenceOptions
{
    public LicencePolicy Only { get; init; } = LicencePolicy.Any;
}

/// <summary>Which videos are worth decoding (arXiv 2507.05675 section 3.1: "resolution above 480p", clips of at least 6 s).</summary>
public sealed record ProbeOptions
{
    /// <summary>Smallest accepted short side of the displayed picture, pixels.</summary>
    public int MinShortSide { get; init; } = 480;

    /// <summary>Shortest accepted video, seconds.</summary>
    public double MinDurationSeconds { get; init; } = 6;

    /// <summary>Largest accepted long side, pixels; guards memory.</summary>
    public int MaxLongSide { get; init; } = 8192;
}

/// <summary>The clip rule of arXiv 2507.05675 section 3.1 on frames sampled at 1 fps.</summary>
public sealed record SegmentOptions
{
    /// <summary>Adjacent CLIP cosine similarity must be strictly above this. The paper names no number; 0.85 is ours.</summary>
    public double Tau { get; init; } = 0.85;

    /// <summary>Probability of class "medical" from which a frame counts as medical. Ours (arg max).</summary>
    public double MinMedicalProbability { get; init; } = 0.5;

    /// <summary>Least j - i, seconds (paper: 6).</summary>
    public int MinSeconds { get; init; } = 6;

    /// <summary>Runs longer than this are split into equal parts; 0 never splits. Ours, from the paper's observed 6 to 10 s.</summary>
    public int MaxSeconds { get; init; } = 10;
}

/// <summary>How clips are cut.</summary>
public sealed record CutOptions
{
    /// <summary>Keeps the source's resolution instead of 720x480.</summary>
    public bool KeepResolution { get; init; }

    public int Width { get; init; } = 720;

    public int Height { get; init; } = 480;

    /// <summary>x264 constant rate factor, 0 to 51.</summary>
    public int Crf { get; init; } = 20;

    /// <summary>x264 preset.</summary>
    public string Preset { get; init; } = "veryfast";
}

/// <summary>Who writes the captions.</summary>
public sealed record CaptionOptions
{
    /// <summary>Base URL of an OpenAI-compatible endpoint; empty for the offline template captioner.</summary>
    public string Endpoint { get; init; } = "";

    /// <summary>The model that the endpoint is asked for.</summary>
    public string Model { get; init; } = "gpt-4o";

    /// <summary>Environment variable that holds the endpoint's key; the key itself is never stored.</summary>
    public string KeyVariable { get; init; } = "OPENAI_API_KEY";

    /// <summary>Requests at one time.</summary>
    public int Concurrency { get; init; } = 4;

    /// <summary>Limit of one request, seconds.</summary>
    public double TimeoutSeconds { get; init; } = 120;
}

/// <summary>Black borders (arXiv 2507.05675 section 3.2: Canny, Hough; no thresholds given there).</summary>
public sealed record BordersOptions
{
    /// <summary>A side whose persistent bar is at least this thick rejects, pixels of the source picture. Ours.</summary>
    public int MinThickness { get; init; } = 2;
}

/// <summary>Burned-in text (arXiv 2507.05675 section 3.2: more than 20 words over 5 frames).</summary>
public sealed record SubtitlesOptions
{
    public int MaxWords { get; init; } = 20;

    /// <summary>Least word confidence of the recogniser, 0 to 100. Ours.</summary>
    public double MinConfidence { get; init; } = 50;
}

/// <summary>LAION aesthetic score (arXiv 2507.05675 section 3.2: below 3.0 is removed).</summary>
public sealed record AestheticsOptions
{
    public double MinScore { get; init; } = 3.0;
}

[JsonConverter(typeof(JsonStringEnumConverter<DoverFusion>))]
public enum DoverFusion
{
    /// <summary>The constants as DOVER's scripts ship them.</summary>
    AsShipped,

    /// <summary>Each branch normalised by its own statistics.</summary>
    Corrected,
}

[JsonConverter(typeof(JsonStringEnumConverter<ScoreDirection>))]
public enum ScoreDirection
{
    /// <summary>Scores at or below the threshold are rejected.</summary>
    RejectLow,

    /// <summary>Scores above the threshold are rejected (the literal wording of the paper).</summary>
    RejectHigh,
}

/// <summary>DOVER technical quality (arXiv 2507.05675 section 3.2).</summary>
public sealed record TechnicalQualityOptions
{
    public DoverFusion Fusion { get; init; } = DoverFusion.AsShipped;

    /// <summary>Threshold of the fused overall score in (0,1). The paper's literal 0 removes nothing that could be scored; a failed scoring is a failure.</summary>
    public double Threshold { get; init; }

    public ScoreDirection Direction { get; init; } = ScoreDirection.RejectLow;

    /// <summary>Seed of the fragment offsets; each clip draws from (seed, clip id).</summary>
    public long Seed { get; init; } = 42;
}

/// <summary>The combined rule (arXiv 2507.05675 section 3.2): technical below 0.3 and aesthetic below 4.0 is removed.</summary>
public sealed record JointOptions
{
    public double MaxTechnical { get; init; } = 0.3;

    public double MaxAesthetic { get; init; } = 4.0;

    /// <summary>RejectLow: overall below <see cref="MaxTechnical"/>; RejectHigh: above it (the literal wording).</summary>
    public ScoreDirection Direction { get; init; } = ScoreDirection.RejectLow;
}

/// <summary>Near-duplicate clips, by perceptual hashes over frames. Ours.</summary>
public sealed record DuplicatesOptions
{
    /// <summary>Mean Hamming distance of 64-bit perceptual hashes, in bits of 63, at or below which two clips are one.</summary>
    public double MaxDistance { get; init; } = 8;
}
