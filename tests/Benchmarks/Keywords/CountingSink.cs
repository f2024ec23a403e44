using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Benchmarks.Keywords;

internal sealed class CountingSink : ICandidateSink
{
    public long Rows { get; set; }

    public long Hits { get; private set; }

    public long Troubles { get; private set; }

    public void Hit(in CandidateHit hit) => Hits++;

    public void Trouble(RowTrouble trouble, long line) => Troubles++;
}
