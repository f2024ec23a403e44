using System.Text;
using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Finds the terms of a dictionary in texts. Immutable; any number of threads may share it.</summary>
/// <remarks>
/// A term occurs where its normal form stands in the normal form of the text with neither letter nor digit before or after it. Every distinct term that occurs
/// is reported, also one inside another: "heart failure" is both <c>heart failure</c> and <c>heart</c>. An occurrence inside an excluded phrase does not count.
/// </remarks>
public sealed class KeywordMatcher
{
    private readonly WordTable _table;

    public KeywordMatcher(KeywordDictionary dictionary)
    {
        Dictionary = dictionary;
        var texts = dictionary.Terms.Select(term => (term.Text, Term: (KeywordTerm?)term)).Concat(dictionary.Exclusions.Select(phrase => (phrase.Text, Term: (KeywordTerm?)null)));
        _table = new WordTable([.. texts.Select((item, index) => new Pattern(Encoding.UTF8.GetBytes(item.Text), item.Term, index))]);
    }

    public KeywordDictionary Dictionary { get; }

    /// <summary>The distinct terms of each field, by field, then in the order of first occurrence. For single rows; a <see cref="CandidateScanner"/> reads files.</summary>
    public IReadOnlyList<MatchedTerm> Match(string title, string description = "", IReadOnlyList<string>? tags = null)
    {
        var matches = new List<MatchedTerm>();
        var folder = new TextFolder();
        var collector = new MatchCollector();
        Match(folder.Fold(Encoding.UTF8.GetBytes(title), TextEncoding.Plain), CandidateField.Title, collector, matches);
        Match(folder.Fold(Encoding.UTF8.GetBytes(description), TextEncoding.Plain), CandidateField.Description, collector, matches);
        // A quote stands between two tags as it does in JSON, so that no term reaches over.
        Match(folder.Fold(Encoding.UTF8.GetBytes(string.Join("\",\"", tags ?? [])), TextEncoding.Plain), CandidateField.Tags, collector, matches);
        return matches;
    }

    /// <param name="folded">What <see cref="TextFolder"/> returns.</param>
    internal void Match(ReadOnlySpan<byte> folded, CandidateField field, MatchCollector collector, List<MatchedTerm> matches)
    {
        _table.Collect(folded, collector);
        collector.Flush(field, matches);
    }
}
