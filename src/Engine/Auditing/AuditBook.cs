using MedGenCluster.Curation.Audits;
using MedGenCluster.Curation.Domain;
using MedGenCluster.Curation.Lifecycle;
using MedGenCluster.Engine.Browsing;
using MedGenCluster.Engine.Ledger;

namespace MedGenCluster.Engine.Auditing;

/// <summary>How two raters agree.</summary>
/// <param name="Common">Samples that both marked.</param>
/// <param name="Observed">Share of equal marks among them; null without any.</param>
/// <param name="Kappa">Cohen's kappa; null where it is undefined.</param>
public sealed record Agreement(string RaterA, string RaterB, int Common, double? Observed, double? Kappa);

/// <summary>The paper's acceptance of a stage (arXiv 2507.05675 section 3): samples drawn by seed from what passed it, marked by people.</summary>
public sealed class AuditBook(ILedger ledger, ClipIndex index)
{
    public const int MaxSize = 2000;
    public const int MaxRater = 64;
    public const int MaxName = 120;

    /// <summary>Draws samples and stores the audit.</summary>
    /// <param name="name">Null or blank names it by stage and seed.</param>
    /// <returns>The audit, or why there is none, in a sentence.</returns>
    public async Task<(AuditRow? Audit, string? Trouble)> CreateAsync(string? name, StageId stage, long? job, long seed, int size)
    {
        name = string.IsNullOrWhiteSpace(name) ? $"{stage.Name()}, seed {seed}" : name.Trim();
        if (name.Length > MaxName)
        {
            return (null, $"A name has at most {MaxName} characters.");
        }

        if (size is < 1 or > MaxSize)
        {
            return (null, $"An audit has 1 to {MaxSize} samples, not {size}.");
        }

        if (stage == StageId.Duplicates)
        {
            return (null, "Duplicates are marked, not removed by a stage: audit the joint stage.");
        }

        var (population, samples) = StageOrder.Video.Contains(stage) ? SampleVideos(stage, job, seed, size) : await SampleClipsAsync(stage, job, seed, size).ConfigureAwait(false);
        return samples.Count == 0
            ? (null, $"Nothing has passed {stage.Name()} yet, so there is nothing to audit.")
            : (await ledger.CreateAuditAsync(name, stage, job, seed, population, samples).ConfigureAwait(false), null);
    }

    /// <summary>Sets or takes back a rater's mark.</summary>
    /// <returns>Why it cannot, in a sentence, or null.</returns>
    public async Task<string?> MarkAsync(AuditRow audit, string rater, int position, AuditMark? mark)
    {
        if (!IsRater(rater))
        {
            return $"rater has 1 to {MaxRater} visible characters.";
        }

        if (position < 0 || position >= audit.Size)
        {
            return $"position is between 0 and {audit.Size - 1}.";
        }

        await ledger.MarkAsync(audit.Id, rater, position, mark).ConfigureAwait(false);
        return null;
    }

    public static bool IsRater(string rater) => rater.Length is > 0 and <= MaxRater && !rater.Any(char.IsControl);

    /// <summary>Every rater's standing, by name.</summary>
    public static IReadOnlyList<(string Rater, Acceptance Standing)> Standings(AuditRow audit, IReadOnlyList<AuditMarkRow> marks) =>
        [.. marks.GroupBy(mark => mark.Rater).OrderBy(rater => rater.Key, StringComparer.Ordinal).Select(rater => (rater.Key, Acceptance.Of(rater.Select(mark => mark.Mark), audit.Size)))];

    /// <summary>One entry for each pair of raters, over the samples that both marked.</summary>
    public static IReadOnlyList<Agreement> Agreements(IReadOnlyList<AuditMarkRow> marks)
    {
        var raters = marks.GroupBy(mark => mark.Rater).OrderBy(rater => rater.Key, StringComparer.Ordinal)
            .Select(rater => (Name: rater.Key, Marks: rater.ToDictionary(mark => mark.Position, mark => mark.Mark))).ToList();
        return [.. raters.SelectMany((a, i) => raters.Skip(i + 1).Select(b =>
        {
            var common = a.Marks.Keys.Where(b.Marks.ContainsKey).Order().ToList();
            List<AuditMark> ofA = [.. common.Select(position => a.Marks[position])], ofB = [.. common.Select(position => b.Marks[position])];
            double? observed = common.Count == 0 ? null : ofA.Zip(ofB).Count(pair => pair.First == pair.Second) / (double)common.Count;
            return new Agreement(a.Name, b.Name, common.Count, observed, Cohen.Kappa(ofA, ofB));
        }))];
    }

    private async Task<(long Population, IReadOnlyList<long> Samples)> SampleClipsAsync(StageId stage, long? job, long seed, int size)
    {
        await index.RefreshAsync().ConfigureAwait(false);
        // The jobs after the clips: every clip of the index has its job.
        var options = (await ledger.JobsAsync().ConfigureAwait(false)).ToDictionary(row => row.Id, row => row.Options);
        return index.Sample(stage, job, options, seed, size);
    }

    /// <summary>Videos are few beside clips: they are streamed.</summary>
    private (long Population, IReadOnlyList<long> Samples) SampleVideos(StageId stage, long? job, long seed, int size)
    {
        var later = StageOrder.Video.Stages.SkipWhile(id => id != stage).Skip(1).ToHashSet();
        var drawn = new Least<(ulong, long)>(size);
        var population = 0L;
        foreach (var video in ledger.Items(new ItemQuery(ItemKind.Video, job)))
        {
            if (video.State.Outcome is not (Outcome.AwaitingClips or Outcome.Done) && !later.Contains(video.State.Stage))
            {
                continue;
            }

            population++;
            drawn.Offer(video.Seq, (ClipIndex.DrawPlace(ClipIndex.Hash(video.Id), seed), video.Seq));
        }

        return (population, [.. drawn.Sorted().Select(video => video.Item)]);
    }
}
