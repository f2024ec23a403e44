namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>What occurs in one text: terms, and the excluded phrases that may cover them. Reusable; not for two threads at once.</summary>
internal sealed class MatchCollector
{
    private readonly List<(Pattern Pattern, int Start, int End)> _terms = [];
    private readonly List<(int Start, int End)> _exclusions = [];

    public void Add(Pattern pattern, int start, int length)
    {
        if (pattern.Term is null)
        {
            _exclusions.Add((start, start + length));
        }
        else
        {
            _terms.Add((pattern, start, start + length));
        }
    }

    /// <summary>Adds the distinct terms that count to <paramref name="matches"/>, in the order of first occurrence, and forgets the text.</summary>
    public void Flush(CandidateField field, List<MatchedTerm> matches)
    {
        if (_terms.Count > 0)
        {
            var first = matches.Count;
            foreach (var (pattern, start, end) in _terms)
            {
                var match = new MatchedTerm(pattern.Term!.Text, pattern.Term.Category, field);
                if (!IsCovered(start, end) && matches.IndexOf(match, first) < 0)
                {
                    matches.Add(match);
                }
            }

            _terms.Clear();
        }

        _exclusions.Clear();
    }

    private bool IsCovered(int start, int end)
    {
        foreach (var exclusion in _exclusions)
        {
            if (exclusion.Start <= start && end <= exclusion.End)
            {
                return true;
            }
        }

        return false;
    }
}
