namespace MedGenCluster.Silo.Api.Contracts;

/// <param name="Stage">Samples come from the items that passed it.</param>
/// <param name="Size">Samples, 1 to 2,000; the paper takes 200.</param>
/// <param name="Seed">The same seed over the same items draws the same samples.</param>
public sealed record AuditRequest(string Stage, long? Job = null, int Size = 200, long Seed = 1, string? Name = null);

/// <summary>An audit with its standing.</summary>
/// <param name="Population">Items that the samples were drawn from.</param>
/// <param name="Agreement">One entry for each pair of raters.</param>
public sealed record AuditView(
    long Id, string Name, string Stage, long? Job, long Seed, int Size, long Population, DateTimeOffset CreatedAt, IReadOnlyList<RaterStanding> Raters,
    IReadOnlyList<RaterAgreement> Agreement);

/// <summary>One rater's marks: acceptable is clean or slightly noisy (arXiv 2507.05675 section 3: at least 95 % of 200).</summary>
/// <param name="Share">Acceptable over marked, 0 to 1; null where nothing is marked.</param>
/// <param name="Low">Lower end of Wilson's 95 % interval of the share.</param>
/// <param name="Verdict"><c>open</c> until all samples are marked, then <c>passed</c> or <c>failed</c>.</param>
public sealed record RaterStanding(string Rater, int Clean, int SlightlyNoisy, int Noisy, int Marked, double? Share, double? Low, double? High, string Verdict);

/// <param name="Kappa">Cohen's kappa over the samples that both marked; null where it is undefined.</param>
public sealed record RaterAgreement(string RaterA, string RaterB, int Common, double? Observed, double? Kappa);

public sealed record AuditDetail(AuditView Audit, IReadOnlyList<AuditSample> Samples);

/// <param name="Position">0-based.</param>
/// <param name="Marks">Marks by rater: <c>clean</c>, <c>slightly-noisy</c> or <c>noisy</c>.</param>
public sealed record AuditSample(int Position, ItemSummary Item, IReadOnlyDictionary<string, string> Marks);

/// <param name="Mark"><c>clean</c>, <c>slightly-noisy</c>, <c>noisy</c>, or null to take a mark back.</param>
public sealed record MarkRequest(string Rater, int Position, string? Mark);
