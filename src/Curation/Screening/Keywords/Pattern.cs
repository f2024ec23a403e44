namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>A term or an excluded phrase as the matcher compares it.</summary>
/// <param name="Text">Normal form, UTF-8.</param>
/// <param name="Term">Null for an excluded phrase.</param>
/// <param name="Number">Index among all patterns.</param>
internal sealed record Pattern(byte[] Text, KeywordTerm? Term, int Number)
{
    /// <summary>Bytes of <paramref name="text"/> from <paramref name="start"/> on that are this pattern as whole words; -1 where they are not. The caller knows that
    /// a word starts there.</summary>
    public int LengthAt(ReadOnlySpan<byte> text, int start)
    {
        var position = start;
        foreach (var expected in Text)
        {
            if (position >= text.Length)
            {
                return -1;
            }

            var value = text[position];
            if (expected == ' ')
            {
                if (!TermNormalForm.IsSpaceByte(value))
                {
                    return -1;
                }

                do
                {
                    position++;
                }
                while (position < text.Length && TermNormalForm.IsSpaceByte(text[position]));
            }
            else if (value == expected || (value is >= (byte)'A' and <= (byte)'Z' && (value | 0x20) == expected))
            {
                position++;
            }
            else
            {
                return -1;
            }
        }

        return position < text.Length && TermNormalForm.IsWordByte(text[position]) ? -1 : position - start;
    }
}
