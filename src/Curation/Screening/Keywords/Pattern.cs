namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>A term or an excluded phrase as the matcher compares it.</summary>
/// <param name="Text">Normal form, UTF-8.</param>
/// <param name="Term">Null for an excluded phrase.</param>
internal sealed record Pattern(byte[] Text, KeywordTerm? Term)
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

    /// <summary>True if this pattern stands at <paramref name="start"/> of a folded text as whole words.</summary>
    public bool IsAt(ReadOnlySpan<byte> text, int start) => (start == 0 || !TermNormalForm.IsWordByte(text[start - 1])) && LengthAt(text, start) >= 0;

    /// <summary>False only if this pattern, which is ASCII in its first word, does not stand at <paramref name="start"/> of the text that is not folded yet. Bytes that
    /// folding may change are given the benefit of the doubt.</summary>
    public bool MayBeAt(ReadOnlySpan<byte> raw, int start)
    {
        var position = start;
        foreach (var expected in Text)
        {
            if (position >= raw.Length)
            {
                return false;
            }

            var value = raw[position];
            if (value is >= 0x80 or (byte)'\\')
            {
                return true;
            }

            if (expected == ' ' ? !TermNormalForm.IsSpaceByte(value) : value != expected && (value is < (byte)'A' or > (byte)'Z' || (value | 0x20) != expected))
            {
                return false;
            }

            for (position++; expected == ' ' && position < raw.Length && TermNormalForm.IsSpaceByte(raw[position]); position++)
            {
            }
        }

        return position >= raw.Length || raw[position] >= 0x80 || !TermNormalForm.IsWordByte(raw[position]);
    }
}
