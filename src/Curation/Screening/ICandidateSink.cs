namespace MedGenCluster.Curation.Screening;

/// <summary>Receives what a <see cref="CandidateScanner"/> finds, in the order of the rows.</summary>
public interface ICandidateSink
{
    void Hit(in CandidateHit hit);

    /// <param name="line">Number of the line where the row begins, from 1.</param>
    void Trouble(RowTrouble trouble, long line);

    /// <summary>A usable row; called only where <see cref="CandidateScannerOptions.ReadKeys"/> is set.</summary>
    void Keys(in CandidateKeys keys)
    {
    }
}
