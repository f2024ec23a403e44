namespace MedGenCluster.Curation.Screening;

/// <summary>What is read of every usable row where <see cref="CandidateScannerOptions.ReadKeys"/> is set, whether it is a hit or not: enough to count by
/// channel and by label without a string. Texts are UTF-8 without escapes, empty where absent, and valid during the call alone.</summary>
public readonly ref struct CandidateKeys
{
    /// <summary>Number of the row's first line in its file, from 1.</summary>
    public required long Line { get; init; }

    public required ReadOnlySpan<byte> Id { get; init; }

    /// <summary>The channel's id, else its URL, else its name, else the uploader.</summary>
    public required ReadOnlySpan<byte> Channel { get; init; }

    /// <summary>The label column as text.</summary>
    public required ReadOnlySpan<byte> Label { get; init; }

    /// <summary>Whether a term occurs; <see cref="ICandidateSink.Hit"/> follows.</summary>
    public required bool IsHit { get; init; }
}
