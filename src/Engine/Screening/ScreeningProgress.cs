namespace MedGenCluster.Engine.Screening;

/// <summary>How far a screening is.</summary>
/// <param name="BytesRead">Bytes of the input files that are done, as they lie on the disk.</param>
/// <param name="BytesTotal">Bytes of all input files.</param>
/// <param name="Hits">Rows that passed the keyword stage.</param>
/// <param name="Troubles">Rows and files that could not be used, and duplicates.</param>
/// <param name="Shards">Shards that are safe on the disk.</param>
public sealed record ScreeningProgress(long BytesRead, long BytesTotal, long Rows, long Hits, long Survivors, long Troubles, int Shards)
{
    /// <summary>0 to 1.</summary>
    public double Share => BytesTotal == 0 ? 1 : Math.Clamp((double)BytesRead / BytesTotal, 0, 1);
}
