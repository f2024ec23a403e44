using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Engine.Auditing;
using MedGenCluster.Engine.Ledger;
using MedGenCluster.Silo.Api.Contracts;

namespace MedGenCluster.Silo.Views;

/// <summary>Audits as the API shows them.</summary>
public static class AuditViews
{
    public static string Word(AuditMark mark) => mark == AuditMark.SlightlyNoisy ? "slightly-noisy" : mark.ToString().ToLowerInvariant();

    /// <summary>A mark by its word; null where there is none such.</summary>
    public static AuditMark? Mark(string? word) => Enum.GetValues<AuditMark>().Where(mark => Word(mark) == word).Select(mark => (AuditMark?)mark).FirstOrDefault();

    public static AuditView Of(AuditRow audit, IReadOnlyList<AuditMarkRow> marks) => new(
        audit.Id, audit.Name, audit.Stage.Name(), audit.Job, audit.Seed, audit.Size, audit.Population, audit.CreatedAt,
        [.. AuditBook.Standings(audit, marks).Select(rater => new RaterStanding(
            rater.Rater, rater.Standing.Clean, rater.Standing.SlightlyNoisy, rater.Standing.Noisy, rater.Standing.Marked, rater.Standing.Share,
            rater.Standing.Marked == 0 ? null : rater.Standing.Interval.Low, rater.Standing.Marked == 0 ? null : rater.Standing.Interval.High, rater.Standing.Verdict.ToString().ToLowerInvariant()))],
        [.. AuditBook.Agreements(marks).Select(pair => new RaterAgreement(pair.RaterA, pair.RaterB, pair.Common, pair.Observed, pair.Kappa))]);

    public static async Task<AuditDetail> DetailAsync(ILedger ledger, AuditRow audit)
    {
        var marks = ledger.AuditMarks(audit.Id);
        var items = await new ItemViews(ledger).SummariesAsync(ledger.ItemsBySeq(ledger.AuditSamples(audit.Id))).ConfigureAwait(false);
        var byPosition = marks.ToLookup(mark => mark.Position);
        return new AuditDetail(Of(audit, marks), [.. items.Select((item, position) => new AuditSample(position, item, byPosition[position].ToDictionary(mark => mark.Rater, mark => Word(mark.Mark))))]);
    }
}
