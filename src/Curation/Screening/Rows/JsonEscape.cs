using System.Runtime.InteropServices;
using System.Text;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>An escape of a JSON string that is known to be well-formed.</summary>
internal static class JsonEscape
{
    private static readonly int[] Values = BuildValues();

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
        var first = Hex(MemoryMarshal.Read<uint>(text[2..]));
        if (char.IsHighSurrogate((char)first) && text.Length >= 12 && text[6] == '\\' && text[7] == 'u')
        {
            var second = Hex(MemoryMarshal.Read<uint>(text[8..]));
            if (char.IsLowSurrogate((char)second))
            {
                return (char.ConvertToUtf32((char)first, (char)second), 12);
            }
        }

        return (char.IsSurrogate((char)first) ? Rune.ReplacementChar.Value : first, 6);
    }

    /// <summary>True for what may follow a backslash besides a <c>u</c>.</summary>
    public static bool IsSimple(byte value) => value is (byte)'n' or (byte)'"' or (byte)'\\' or (byte)'/' or (byte)'t' or (byte)'r' or (byte)'b' or (byte)'f';

    /// <summary>The number that four hexadecimal digits stand for, the first in the lowest byte; negative where one of them is none.</summary>
    public static int Hex(uint digits) =>
        (Values[(int)(digits & 0xFF)] << 12) | (Values[(int)((digits >> 8) & 0xFF)] << 8) | (Values[(int)((digits >> 16) & 0xFF)] << 4) | Values[(int)(digits >> 24)];

    private static int[] BuildValues()
    {
        var values = new int[256];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = char.IsAsciiHexDigit((char)i) ? Convert.ToInt32(((char)i).ToString(), 16) : -1;
        }

        return values;
    }
}
