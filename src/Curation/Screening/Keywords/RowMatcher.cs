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
    /// <param name="padded">What the fields point into, with <see cref="WordFilter.Padding"/> bytes behind it.</param>
    /// <param name="fields">The row's.</param>
    public bool Match(ReadOnlySpan<byte> padded, RowFields fields)
    {
        if (_matches.Count > 0)
        {
            _matches = [];
        }

        if (fields.Suspects != 0)
        {
            Match(padded, fields, Column.Title, CandidateField.Title);
            Match(padded, fields, Column.Description, CandidateField.Description);
            Match(padded, fields, Column.Tags, CandidateField.Tags);
        }

        return _matches.Count > 0;
    }

    private void Match(ReadOnlySpan<byte> padded, RowFields fields, Column column, CandidateField field)
    {
        var slice = fields[column];
        if (slice.Kind == FieldKind.MixedArray)
        {
            // Names and numbers inside the array are no tags; so rare that the detour over strings does not matter.
            _matches.AddRange(matcher.Match("", "", FieldDecoder.Texts(padded, slice)));
        }
        else if (fields.IsSuspect(column))
        {
            // An array of texts is matched as it stands: a quote and a comma are part of no term, so none reaches over two tags.
            var length = _folder.Fold(slice.Of(padded), slice.Encoding);
            matcher.Collect(_folder.Padded, length, field, _collector, _matches);
        }
    }
}
