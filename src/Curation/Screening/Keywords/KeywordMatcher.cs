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
    private readonly WordFilter _all;

    public KeywordMatcher(KeywordDictionary dictionary)
    {
        Dictionary = dictionary;
        var texts = dictionary.Terms.Select(term => (term.Text, Term: (KeywordTerm?)term)).Concat(dictionary.Exclusions.Select(phrase => (phrase.Text, Term: (KeywordTerm?)null)));
        Pattern[] patterns = [.. texts.Select(item => new Pattern(Encoding.UTF8.GetBytes(item.Text), item.Term))];
        _table = new WordTable(patterns);
        _all = new WordFilter(patterns);
        Filter = new WordFilter([.. patterns.Where(pattern => pattern.Term is not null)]);
    }

    public KeywordDictionary Dictionary { get; }

    /// <summary>The distinct terms of each field, by field, then in the order of first occurrence. For single rows; a <see cref="CandidateScanner"/> reads files.</summary>
    public IReadOnlyList<MatchedTerm> Match(string title, string description = "", IReadOnlyList<string>? tags = null)
    {
        var matches = new List<MatchedTerm>();
        var folder = new TextFolder();
        var collector = new MatchCollector();
        Collect(title, CandidateField.Title);
        Collect(description, CandidateField.Description);
        // A quote stands between two tags as it does in JSON, so that no term reaches over.
        Collect(string.Join("\",\"", tags ?? []), CandidateField.Tags);
        return matches;

        void Collect(string text, CandidateField field)
        {
            var length = folder.Fold(Encoding.UTF8.GetBytes(text), TextEncoding.Plain);
            this.Collect(folder.Padded, length, field, collector, matches);
        }
    }

    /// <summary>Tells most texts without a term from those with one.</summary>
    internal WordFilter Filter { get; }

    /// <param name="padded">What <see cref="TextFolder"/> makes of a text, with <see cref="WordFilter.Padding"/> bytes behind it.</param>
    /// <param name="length">Bytes of the text.</param>
    /// <param name="field">The text's.</param>
    /// <param name="collector">Scratch.</param>
    /// <param name="matches">Receives the distinct terms.</param>
    internal void Collect(ReadOnlySpan<byte> padded, int length, CandidateField field, MatchCollector collector, List<MatchedTerm> matches)
    {
        if (_all.HasForeignWords && !Ascii.IsValid(padded[..length]))
        {
            _table.Collect(padded[..length], collector);
        }
        else
        {
            _all.MayHold(padded, 0, length, isFolded: true, collector);
        }

        collector.Flush(field, matches);
    }
}
