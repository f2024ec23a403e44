using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Duplicates;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Curation.Stages.Cut;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Duplicates;

/// <summary>Marks near-duplicates among all accepted clips of the ledger. Of several, the one from the best source is kept: most pixels, then highest bit rate, then
/// the smallest id, so that the choice does not depend on the order of work.</summary>
public sealed class DuplicateMarker(ILedger ledger)
{
    public Task RunAsync(JobRow job, CancellationToken cancellationToken)
    {
        var sources = new Dictionary<long, (string Id, double Pixels, double BitRate)>();
        var seqs = new Dictionary<string, long>(StringComparer.Ordinal);
        var items = new List<DuplicateItem<(double, double)>>();
        foreach (var clip in ledger.Items(new ItemQuery(ItemKind.Clip, Outcome: Outcome.Accepted)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (CutData.Of(ledger.Measurements(clip.Seq)) is not { } cut || ClipFingerprint.TryParse(cut.Fingerprint) is not { } fingerprint)
            {
                continue;
            }

            var parent = clip.Parent!.Value;
            if (!sources.TryGetValue(parent, out var source))
            {
                var probe = ledger.Measurements(parent)[StageId.Probe]?.Scores ?? Measurement.NoScores;
                var pixels = probe.GetValueOrDefault("width") * probe.GetValueOrDefault("height");
                sources[parent] = source = (clip.Id[..clip.Id.IndexOf('-', StringComparison.Ordinal)], pixels, probe.GetValueOrDefault("bitRate"));
            }

            seqs[clip.Id] = clip.Seq;
            items.Add(new DuplicateItem<(double, double)>(clip.Id, (-source.Pixels, -source.BitRate), fingerprint, source.Id));
        }

        var threshold = job.Options.Duplicates.MaxDistance;
        var duplicates = NearDuplicates.Group(items, new DuplicateOptions { MaxDistance = threshold });
        return ledger.MarkDuplicatesAsync(duplicates.ToDictionary(d => seqs[d.Id], d => (d.CanonicalId, Math.Round(d.Distance, 6))), threshold);
    }
}
