namespace MedGenCluster.Curation.Screening;

/// <summary>A term of the keyword dictionary.</summary>
/// <param name="Text">Lower case, without accents, words separated by single spaces.</param>
/// <param name="Category">For example <c>anatomy</c>.</param>
public sealed record KeywordTerm(string Text, string Category);
