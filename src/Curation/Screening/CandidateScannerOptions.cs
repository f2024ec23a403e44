namespace MedGenCluster.Curation.Screening;

/// <summary>What a scanner reads besides the fields of <see cref="CandidateRow"/> that have names of their own.</summary>
public sealed record CandidateScannerOptions
{
    /// <summary>Name of the column with the true label; null reads none. It may be the name of another field.</summary>
    public string? LabelColumn { get; init; }

    /// <summary>Report id, channel and label of every usable row through <see cref="ICandidateSink.Keys"/>. Off by default: most runs ask for hits alone.</summary>
    public bool ReadKeys { get; init; }
}
