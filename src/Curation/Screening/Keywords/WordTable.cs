namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>The patterns by their first word, for texts that <see cref="WordFilter"/> lets through.</summary>
internal sealed class WordTable
{
    private readonly Dictionary<ulong, Pattern[]> _patterns;

    public WordTable(IReadOnlyList<Pattern> patterns) =>
        _patterns = patterns.GroupBy(pattern => Key(pattern.Text)).ToDictionary(group => group.Key, group => group.OrderByDescending(pattern => pattern.Text.Length).ToArray());

    /// <summary>Finds every occurrence of every pattern, by start, the longer of one start first.</summary>
    /// <param name="text">Folded.</param>
    /// <param name="collector">Receives them.</param>
    public void Collect(ReadOnlySpan<byte> text, MatchCollector collector)
    {
        for (var i = 0; i < text.Length; i++)
        {
            if (TermNormalForm.IsWordByte(text[i]) && (i == 0 || !TermNormalForm.IsWordByte(text[i - 1])) && _patterns.TryGetValue(Key(text[i..]), out var patterns))
            {
                foreach (var pattern in patterns)
                {
                    if (pattern.LengthAt(text, i) is >= 0 and var length)
                    {
                        collector.Add(pattern, i, length);
                    }
                }
            }
        }
    }

    /// <summary>The first eight bytes of the word that begins the text, lowered.</summary>
    private static ulong Key(ReadOnlySpan<byte> text)
    {
        var key = 0UL;
        for (var i = 0; i < 8 && i < text.Length && TermNormalForm.IsWordByte(text[i]); i++)
        {
            key |= (ulong)(text[i] | 0x20) << (8 * i);
        }

        return key;
    }
}
