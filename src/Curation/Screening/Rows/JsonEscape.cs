using System.Text;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>An escape of a JSON string that is known to be well-formed.</summary>
internal static class JsonEscape
{
    /// <summary>The character that the escape at the start of <paramref name="text"/> stands for, and the escape's bytes. Half a surrogate pair alone, which JSON
    /// allows and Unicode does not, is U+FFFD.</summary>
    public static (int CodePoint, int Length) Read(ReadOnlySpan<byte> text) => text[1] switch
    {
        (byte)'n' => ('\n', 2),
        (byte)'t' => ('\t', 2),
        (byte)'r' => ('\r', 2),
        (byte)'b' => ('\b', 2),
        (byte)'f' => ('\f', 2),
        (byte)'u' => Unicode(text),
        var same => (same, 2),
    };

    private static (int CodePoint, int Length) Unicode(ReadOnlySpan<byte> text)
    {
        var first = Hex(text[2..]);
        if (char.IsHighSurrogate((char)first) && text.Length >= 12 && text[6] == '\\' && text[7] == 'u')
        {
            var second = Hex(text[8..]);
            if (char.IsLowSurrogate((char)second))
            {
                return (char.ConvertToUtf32((char)first, (char)second), 12);
            }
        }

        return (char.IsSurrogate((char)first) ? Rune.ReplacementChar.Value : first, 6);
    }

    private static int Hex(ReadOnlySpan<byte> text)
    {
        var value = 0;
        for (var i = 0; i < 4; i++)
        {
            value = (value << 4) | HexDigit(text[i]);
        }

        return value;
    }

    private static int HexDigit(byte digit) => digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10;
}
