namespace MedGenCluster.Curation.Screening;

/// <summary>A term of the keyword dictionary.</summary>
/// <param name="Text">Normal form: lower case, without accents, words separated by single spaces where the text has spaces or hyphens.</param>
/// <param name="Category">For example <c>anatomy</c>.</param>
public sealed record KeywordTerm(string Text, string Category);

/// <summary>A phrase that means something else: a term inside it does not count.</summary>
/// <param name="Text">Normal form, as <see cref="KeywordTerm.Text"/>.</param>
/// <param name="Reason">For people.</param>
public sealed record ExcludedPhrase(string Text, string Reason);
