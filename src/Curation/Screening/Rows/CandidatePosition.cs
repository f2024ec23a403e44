namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>A place between two rows, where reading can begin again.</summary>
/// <param name="Offset">Bytes of the uncompressed stream that lie before it.</param>
/// <param name="Line">Number of the line that begins there, from 1.</param>
public readonly record struct CandidatePosition(long Offset, long Line)
{
    public static CandidatePosition Start { get; } = new(0, 1);
}
