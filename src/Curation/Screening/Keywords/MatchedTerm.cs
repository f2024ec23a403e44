namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>A dictionary term that occurs in a field of a candidate; once for each field, however often it occurs there.</summary>
/// <param name="Term">The term in its normal form, see <see cref="KeywordTerm.Text"/>.</param>
/// <param name="Category">The term's category in the dictionary.</param>
/// <param name="Field">Where it occurs.</param>
public readonly record struct MatchedTerm(string Term, string Category, CandidateField Field);
