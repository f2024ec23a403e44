using MedGenCluster.Curation.Domain;

namespace MedGenCluster.Engine.Export;

/// <summary>How far an export is.</summary>
/// <param name="Phase"><c>reading</c>, <c>media</c>, <c>shards</c>, <c>card</c> or <c>committing</c>.</param>
/// <param name="Done">Clips done in this phase.</param>
/// <param name="Total">Clips of this phase; 0 while unknown.</param>
public sealed record ExportProgress(string Phase, long Done, long Total);

/// <summary>Why a clip is not in the export.</summary>
public enum LeftOutReason
{
    /// <summary>The id is no safe file name.</summary>
    UnsafeId,

    /// <summary>The source gave the id before.</summary>
    RepeatedId,

    /// <summary>There is no caption, or nothing says what it was made from.</summary>
    NoCaption,

    /// <summary>The caption was made from something else than this clip.</summary>
    CaptionBindingMismatch,

    /// <summary>The media store does not hold the blob or cannot read it.</summary>
    MissingBlob,

    /// <summary>The blob's bytes are not those of its address.</summary>
    CorruptBlob,
}

/// <summary>A clip that is not in the export.</summary>
/// <param name="Detail">A sentence for a person.</param>
public sealed record ExportLeftOut(ClipId Clip, LeftOutReason Reason, string Detail);

/// <summary>A clip that is exported but not listed for the trainer.</summary>
/// <param name="Reasons">One sentence for each limit that the clip is outside of.</param>
public sealed record TrainerLeftOut(ClipId Clip, IReadOnlyList<string> Reasons);

/// <summary>The trainer list of an export.</summary>
/// <param name="Listed">Clips in <c>videos2caption.json</c>.</param>
/// <param name="Trimmed">Of these, clips whose usable length is shorter than the clip.</param>
public sealed record TrainerReport(int Listed, int Trimmed, IReadOnlyList<TrainerLeftOut> LeftOut);

public enum ExportErrorKind
{
    InvalidOptions,

    /// <summary>The target exists and may not be replaced.</summary>
    TargetExists,

    /// <summary>Another export writes to the same target.</summary>
    Busy,

    /// <summary>The volume of the target is full.</summary>
    DiskFull,

    /// <summary>The target cannot be written.</summary>
    TargetUnwritable,
}

/// <summary>Why there is no export. An earlier export at the target is as it was.</summary>
public sealed record ExportError(ExportErrorKind Kind, string Message);

/// <summary>The outcome of an export.</summary>
public sealed record ExportReport
{
    /// <summary>Null when the export stands complete at its target.</summary>
    public ExportError? Error { get; init; }

    public bool Succeeded => Error is null;

    public string TargetFolder { get; init; } = "";

    public int Exported { get; init; }

    /// <summary>Bytes of the exported clips, each counted once.</summary>
    public long MediaBytes { get; init; }

    public int Linked { get; init; }

    public int Copied { get; init; }

    public int Shards { get; init; }

    public IReadOnlyList<ExportLeftOut> LeftOut { get; init; } = [];

    /// <summary>Null where the FastVideo format was not asked for.</summary>
    public TrainerReport? Trainer { get; init; }

    internal static ExportReport Failed(string target, ExportErrorKind kind, string message) =>
        new() { TargetFolder = target, Error = new ExportError(kind, message) };
}
