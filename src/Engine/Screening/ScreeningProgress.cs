namespace MedGenCluster.Engine.Screening;

/// <summary>How far a screening is.</summary>
/// <param name="BytesRead">Bytes of the input files that are done, as they lie on the disk.</param>
/// <param name="BytesTotal">Bytes of all input files.</param>
/// <param name="Hits">Rows that passed the keyword stage.</param>
/// <param name="Troubles">Rows and files that could not be used, and duplicates.</param>
/// <param name="Shards">Shards that are safe on the disk.</param>
/// <param name="Before">What was done when this process began; null before it did.</param>
public sealed record ScreeningProgress(
    long BytesRead, long BytesTotal, long Rows, long Hits, long Survivors, long Troubles, int Shards, ScreeningProgress? Before = null)
{
    /// <summary>Nothing is known yet.</summary>
    public static readonly ScreeningProgress None = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>0 to 1.</summary>
    public double Share => BytesTotal == 0 ? 0 : Math.Clamp((double)BytesRead / BytesTotal, 0, 1);
}
