using MedGenCluster.Curation.Screening;

namespace MedGenCluster.Benchmarks.Keywords;

/// <param name="lastLine">Hits behind it do not count.</param>
internal sealed class CountingSink(long lastLine = long.MaxValue) : ICandidateSink
{
    public long Rows { get; set; }

    public long Hits { get; private set; }

    public long Troubles { get; private set; }

    public void Hit(in CandidateHit hit) => Hits += hit.Line <= lastLine ? 1 : 0;

    public void Trouble(RowTrouble trouble, long line) => Troubles++;
}
