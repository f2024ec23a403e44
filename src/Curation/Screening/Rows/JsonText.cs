using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MedGenCluster.Curation.Screening.Rows;

/// <summary>Finds the ends of JSON values. Everything here may say "no" to rare valid forms, and never "yes" to invalid ones; 64 bytes behind the row are readable.</summary>
internal static class JsonText
{
    private const ulong Zeros = 0x3030303030303030;

    /// <summary>Index of the quote that closes the string whose first byte is at <paramref name="position"/>; -1 where an escape or a control character makes it
    /// invalid, or where it does not end before <paramref name="end"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int StringEnd(ref readonly byte text, int position, int end, ref bool isEscaped)
    {
        while (position < end)
        {
            var specials = Specials(in Unsafe.Add(ref Unsafe.AsRef(in text), position));
            if (specials == 0)
            {
                position += 64;
                continue;
            }

            position += BitOperations.TrailingZeroCount(specials);
            if (position >= end)
            {
                return -1;
            }

            var special = Unsafe.Add(ref Unsafe.AsRef(in text), position);
            if (special == '"')
            {
                return position;
            }

            var length = special == '\\' ? EscapeLength(in Unsafe.Add(ref Unsafe.AsRef(in text), position)) : 0;
            if (length == 0)
            {
                return -1;
            }

            isEscaped = true;
            position += length;
        }

        return -1;
    }

    /// <summary>Index behind the number at <paramref name="position"/>, of up to seven digits before and behind the point; -1 for longer ones and those with an
    /// exponent.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int NumberEnd(ref readonly byte text, int position)
    {
        var digits = Digits(in Unsafe.Add(ref Unsafe.AsRef(in text), position));
        var isPlain = digits is > 0 and < 8 && (digits == 1 || Unsafe.Add(ref Unsafe.AsRef(in text), position) != '0');
        position += digits;
        if (isPlain && Unsafe.Add(ref Unsafe.AsRef(in text), position) == '.')
        {
            digits = Digits(in Unsafe.Add(ref Unsafe.AsRef(in text), position + 1));
            isPlain = digits is > 0 and < 8;
            position += 1 + digits;
        }

        return isPlain && (Unsafe.Add(ref Unsafe.AsRef(in text), position) | 0x20) != 'e' ? position : -1;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Digits(ref readonly byte text)
    {
        var bytes = Unsafe.ReadUnaligned<ulong>(in text) ^ Zeros;
        // A byte above 9 has a bit in its high half, or gets one by adding 6.
        var others = (bytes | ((bytes & 0x0F0F0F0F0F0F0F0F) + 0x0606060606060606)) & 0xF0F0F0F0F0F0F0F0;
        return BitOperations.TrailingZeroCount(others) >> 3;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Specials(ref readonly byte text) =>
        Specials(Vector256.LoadUnsafe(in text)) | ((ulong)Specials(Vector256.LoadUnsafe(in text, 32)) << 32);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Specials(Vector256<byte> bytes) => (Vector256.Equals(bytes, Vector256.Create((byte)'"')) | Vector256.Equals(bytes, Vector256.Create((byte)'\\'))
        | Vector256.LessThanOrEqual(bytes, Vector256.Create((byte)0x1F))).ExtractMostSignificantBits();

    /// <summary>Bytes of the escape that begins with the backslash at hand; 0 where it is none.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int EscapeLength(ref readonly byte text)
    {
        var kind = Unsafe.Add(ref Unsafe.AsRef(in text), 1);
        return JsonEscape.IsSimple(kind) ? 2
            : kind == 'u' && JsonEscape.Hex(Unsafe.ReadUnaligned<uint>(in Unsafe.Add(ref Unsafe.AsRef(in text), 2))) >= 0 ? 6 : 0;
    }
}
