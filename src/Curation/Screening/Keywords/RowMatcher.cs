using MedGenCluster.Curation.Screening.Rows;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Matches the fields of rows. Reusable; not for two threads at once.</summary>
internal sealed class RowMatcher(KeywordMatcher matcher)
{
    private readonly TextFolder _folder = new();
    private readonly MatchCollector _collector = new();
    private List<MatchedTerm> _matches = [];

    /// <summary>The terms of the row at hand; the receiver's to keep.</summary>
    public IReadOnlyList<MatchedTerm> Matches => _matches;

    /// <summary>True if a term occurs in a field of the row.</summary>
    public bool Match(ReadOnlySpan<byte> block, RowFields fields)
    {
        if (_matches.Count > 0)
        {
            _matches = [];
        }

        Match(block, fields[Column.Title], CandidateField.Title);
        Match(block, fields[Column.Description], CandidateField.Description);
        Match(block, fields[Column.Tags], CandidateField.Tags);
        return _matches.Count > 0;
    }

    private void Match(ReadOnlySpan<byte> block, FieldSlice slice, CandidateField field)
    {
        if (slice.Kind == FieldKind.MixedArray)
        {
            // Names and numbers inside the array are no tags; so rare that the detour over strings does not matter.
            _matches.AddRange(matcher.Match("", "", FieldDecoder.Texts(block, slice)));
        }
        else if (slice.Length > 0)
        {
            // An array of texts is matched as it stands: a quote and a comma are part of no term, so none reaches over two tags.
            matcher.Match(_folder.Fold(slice.Of(block), slice.Encoding), field, _collector, _matches);
        }
    }
}
