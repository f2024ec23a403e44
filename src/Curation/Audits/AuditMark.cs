namespace MedGenCluster.Curation.Audits;

/// <summary>What a rater thinks of a sample (arXiv 2507.05675 section 3). Numbers are stored: append only.</summary>
public enum AuditMark
{
    Clean = 0,
    SlightlyNoisy = 1,
    Noisy = 2,
}

public enum AuditVerdict
{
    /// <summary>Not all samples are marked.</summary>
    Open,
    Passed,
    Failed,
}

/// <summary>One rater's view of an audit. A stage is accepted when at least 95 % of its samples are clean or slightly noisy (arXiv 2507.05675 section 3: of 200).</summary>
/// <param name="Size">Samples of the audit.</param>
public sealed record Acceptance(int Clean, int SlightlyNoisy, int Noisy, int Size)
{
    public const double Required = 0.95;

    public int Marked => Clean + SlightlyNoisy + Noisy;

    public int Acceptable => Clean + SlightlyNoisy;

    /// <summary>Acceptable of the marked samples, 0 to 1; null where none is marked.</summary>
    public double? Share => Marked == 0 ? null : Acceptable / (double)Marked;

    /// <summary>Wilson's 95 % interval of <see cref="Share"/>.</summary>
    public WilsonInterval Interval => WilsonInterval.Of(Acceptable, Marked);

    public AuditVerdict Verdict => Marked < Size || Size == 0 ? AuditVerdict.Open
        // In whole samples: 190 of 200 passes whatever a division says.
        : Acceptable * 100L >= Size * 95L ? AuditVerdict.Passed : AuditVerdict.Failed;

    public static Acceptance Of(IEnumerable<AuditMark> marks, int size)
    {
        var counts = new int[3];
        foreach (var mark in marks)
        {
            counts[(int)mark]++;
        }

        return new Acceptance(counts[0], counts[1], counts[2], size);
    }
}
