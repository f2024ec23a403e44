using System.Numerics;
using System.Runtime.Intrinsics;
using System.Text;

namespace MedGenCluster.Curation.Screening.Keywords;

/// <summary>Knows the characters beyond ASCII through which folding makes or joins ASCII words: accented letters, wide and mathematical ones, and those that
/// vanish. In most scripts, and among emoji and quotation marks, there are none.</summary>
internal static class FoldingTriggers
{
    // A bit for the first two bytes of a character: those of some trigger.
    private static readonly ulong[] Pairs = BuildPairs();

    // A bit for each UTF-16 unit that a numeric escape may name: those of triggers, and of ASCII letters and digits.
    private static readonly ulong[] Units = BuildUnits();

    /// <summary>True if an escape with this UTF-16 unit needs folding to know the ASCII words around it.</summary>
    public static bool IsUnit(int unit) => (Units[unit >> 6] & (1UL << unit)) != 0;

    /// <summary>True if folding the text is needed to know its ASCII words.</summary>
    /// <param name="text">Valid UTF-8.</param>
    /// <param name="offset">Where the 64 bytes of the bits begin.</param>
    /// <param name="leads">Which of them <see cref="MayLead"/>.</param>
    public static bool Any(ReadOnlySpan<byte> text, int offset, ulong leads)
    {
        for (; leads != 0; leads &= leads - 1)
        {
            var position = offset + BitOperations.TrailingZeroCount(leads);
            var pair = (text[position] << 8) | (position + 1 < text.Length ? text[position + 1] : 0);
            if ((Pairs[pair >> 6] & (1UL << pair)) != 0 && IsTrigger(text, position))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The first bytes of characters outside the scripts without triggers: Cyrillic, those of India, and the CJK and Hangul blocks. A bit for each of the 64.</summary>
    public static ulong MayLead(ref readonly byte bytes) =>
        MayLead(Vector256.LoadUnsafe(in bytes)) | ((ulong)MayLead(Vector256.LoadUnsafe(in bytes, 32)) << 32);

    private static uint MayLead(Vector256<byte> bytes)
    {
        var twoBytes = Vector256.LessThanOrEqual(bytes - Vector256.Create((byte)0xC2), Vector256.Create((byte)(0xE2 - 0xC2)));
        var cyrillic = Vector256.Equals(bytes | Vector256.Create((byte)1), Vector256.Create((byte)0xD1));
        var indic = Vector256.Equals(bytes, Vector256.Create((byte)0xE0));
        var last = Vector256.GreaterThanOrEqual(bytes, Vector256.Create((byte)0xEE));
        return (Vector256.AndNot(twoBytes, cyrillic | indic) | last).ExtractMostSignificantBits();
    }

    private static bool IsTrigger(ReadOnlySpan<byte> text, int position)
    {
        Rune.DecodeFromUtf8(text[position..], out var rune, out _);
        var folded = LetterFolding.Of(rune.Value);
        // What vanishes behind something that is no letter joins nothing.
        return folded >> 56 == 0
            ? position > 0 && char.IsAsciiLetterOrDigit((char)text[position - 1])
            : MakesAscii(folded);
    }

    private static bool MakesAscii(ulong folded)
    {
        for (var left = (int)(folded >> 56); left > 0; left--, folded >>= 8)
        {
            if (char.IsAsciiLetterOrDigit((char)(folded & 0xFF)))
            {
                return true;
            }
        }

        return false;
    }

    private static IEnumerable<Rune> Triggers() =>
        LetterFolding.Remarkable.Where(rune => !rune.IsAscii && LetterFolding.Of(rune.Value) is var folded && (folded >> 56 == 0 || MakesAscii(folded)));

    private static ulong[] BuildPairs()
    {
        var pairs = new ulong[(1 << 16) / 64];
        Span<byte> bytes = stackalloc byte[4];
        foreach (var rune in Triggers())
        {
            rune.EncodeToUtf8(bytes);
            var pair = (bytes[0] << 8) | bytes[1];
            pairs[pair >> 6] |= 1UL << pair;
        }

        return pairs;
    }

    private static ulong[] BuildUnits()
    {
        var units = new ulong[(1 << 16) / 64];
        Span<char> utf16 = stackalloc char[2];
        foreach (var rune in Triggers().Concat(Enumerable.Range(0, 128).Where(value => char.IsAsciiLetterOrDigit((char)value)).Select(value => new Rune(value))))
        {
            rune.EncodeToUtf16(utf16);
            units[utf16[0] >> 6] |= 1UL << utf16[0];
        }

        return units;
    }
}
